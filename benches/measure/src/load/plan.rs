//! What is asked, and what must come.

use std::net::SocketAddr;

use serde_json::Value;

use super::Trust;

/// What a load does.
#[derive(Debug)]
pub struct Plan {
    /// Whom it asks.
    pub address: SocketAddr,
    /// With TLS, and whom it trusts.
    pub trust: Option<Trust>,
    /// How many connections it keeps busy.
    pub connections: usize,
    /// How many requests are sent at once; the next ones follow the last answer.
    pub depth: usize,
    /// Whole requests, or heads that `upload` follows; taken in turn over all connections.
    pub requests: Vec<Vec<u8>>,
    /// How many zeros follow each.
    pub upload: u64,
    /// What must come.
    pub expected: Expected,
    /// How many answers a connection gets before it is closed and made anew; endless if none.
    pub answers: Option<u64>,
}

/// What an answer must be.
#[derive(Clone, Debug)]
pub struct Expected {
    /// The status of each.
    pub status: u16,
    /// The content of the first on each connection.
    pub content: Content,
}

/// What content must be.
#[derive(Clone, Debug)]
pub enum Content {
    /// These bytes.
    Exactly(&'static [u8]),
    /// This JSON, however it is written.
    Json(Value),
    /// JSON that this says yes to.
    Judged(fn(&Value) -> bool),
    /// Anything: not looked at.
    Any,
    /// So many bytes, counted in every answer and never held.
    Length(u64),
}

impl Plan {
    /// 64 connections that ask one thing over and over.
    pub fn of(address: SocketAddr, request: Vec<u8>, expected: Expected) -> Self {
        Self {
            address,
            trust: None,
            connections: 64,
            depth: 1,
            requests: vec![request],
            upload: 0,
            expected,
            answers: None,
        }
    }

    /// So many requests at once.
    #[must_use]
    pub fn deep(mut self, depth: usize) -> Self {
        self.requests.iter_mut().for_each(|request| *request = request.repeat(depth));
        Self { depth, ..self }
    }
}

impl Content {
    /// Whether it is to be held until it is whole.
    pub(super) fn is_held(&self) -> bool {
        !matches!(self, Self::Length(_) | Self::Any)
    }

    /// Whether this is it.
    pub(super) fn is(&self, content: &[u8]) -> bool {
        match self {
            Self::Exactly(bytes) => content == *bytes,
            Self::Json(value) => {
                serde_json::from_slice(content).is_ok_and(|it: Value| it == *value)
            }
            Self::Judged(judge) => serde_json::from_slice(content).is_ok_and(|it| judge(&it)),
            Self::Length(_) | Self::Any => true,
        }
    }
}

/// A GET with these fields beside `Host`.
pub fn get(path: &str, fields: &[(&str, &str)]) -> Vec<u8> {
    head("GET", path, fields).into_bytes()
}

/// A POST of this much of that; what is not given here follows as zeros.
pub fn post(path: &str, kind: &str, length: u64, content: &[u8]) -> Vec<u8> {
    let length = length.to_string();
    let fields = [("Content-Type", kind), ("Content-Length", length.as_str())];
    [head("POST", path, &fields).as_bytes(), content].concat()
}

fn head(method: &str, path: &str, fields: &[(&str, &str)]) -> String {
    let mut head = format!("{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:8080\r\n");
    fields.iter().for_each(|(name, value)| head.extend([name, ": ", value, "\r\n"]));
    head + "\r\n"
}
