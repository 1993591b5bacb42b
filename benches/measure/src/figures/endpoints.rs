//! The endpoints that every server has, and what they must answer.

use std::net::SocketAddr;

use api::{HELLO, NEW_USER};
use serde_json::{Value, json};

use crate::load::{Content, Expected, Plan, get, post};
use crate::turns::Case;

/// One of the four that answer little.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Endpoint {
    /// `GET /plaintext`, a constant.
    Plaintext,
    /// `GET /json`, a struct of one member.
    Json,
    /// `GET /api/users/7`, a path parameter and an object of five members.
    User,
    /// `POST /api/users`, JSON in and out.
    Post,
}

/// All four.
pub const ENDPOINTS: [Endpoint; 4] =
    [Endpoint::Plaintext, Endpoint::Json, Endpoint::User, Endpoint::Post];

impl Endpoint {
    /// A request to it, with few fields.
    pub fn request(self) -> Vec<u8> {
        match self {
            Self::Plaintext => get("/plaintext", &[]),
            Self::Json => get("/json", &[]),
            Self::User => get("/api/users/7", &[]),
            Self::Post => {
                post("/api/users", "application/json", NEW_USER.len() as u64, NEW_USER.as_bytes())
            }
        }
    }

    /// What it must answer.
    pub fn expected(self) -> Expected {
        let content = match self {
            Self::Plaintext => Content::Exactly(HELLO.as_bytes()),
            Self::Json => Content::Json(greeting()),
            Self::User => Content::Json(user()),
            Self::Post => Content::Judged(is_new_user),
        };
        Expected { status: if self == Self::Post { 201 } else { 200 }, content }
    }

    /// 64 connections that ask for it.
    pub fn plan(self, address: SocketAddr) -> Plan {
        Plan::of(address, self.request(), self.expected())
    }
}

impl Case for Endpoint {
    fn name(&self) -> String {
        format!("{self:?}").to_lowercase()
    }
}

/// `{"message":"Hello, World!"}`
pub fn greeting() -> Value {
    json!({ "message": HELLO })
}

fn user() -> Value {
    json!({"id": 7, "name": "User 7", "email": "user7@example.org", "age": 30, "active": true})
}

/// Each has another id.
fn is_new_user(value: &Value) -> bool {
    let sent: Value = serde_json::from_str(NEW_USER).unwrap_or_default();
    let has = |name| value[name] == sent[name];
    value["id"].is_u64() && value["active"] == true && ["name", "email", "age"].into_iter().all(has)
}
