//! Answers what it was asked: `cargo run --bin echo`, the raw server at its defaults, for conformance runs.
//!
//! Any method but CONNECT and any target is 200 with `{"method","target","headers","body_b64"}`, once the whole body was
//! read. The headers are a list of `[name, value]` in the order and the spelling in which they came.

use base64::prelude::{BASE64_STANDARD, Engine as _};
use counterpart::http::{HeaderValue, Method, StatusCode, header};
use counterpart::proto::h1::Limits;
use counterpart::{Fault, Problem, Request, Response, Service};
use serde::Serialize;

/// The service.
struct Echo;

/// What is answered.
#[derive(Serialize)]
struct Echoed {
    method: String,
    target: String,
    headers: Vec<(String, String)>,
    body_b64: String,
}

impl Service for Echo {
    async fn call(&self, request: Request) -> Result<Response, Fault> {
        if request.head.method == Method::CONNECT {
            return Ok(Problem::new(StatusCode::NOT_IMPLEMENTED).into_response());
        }
        Ok(match echo(request).await {
            Ok(echoed) => json(&echoed),
            Err(problem) => problem.into_response(),
        })
    }
}

async fn echo(request: Request) -> Result<Echoed, Problem> {
    let body = request.body.collect(Limits::server().body).await?;
    let fields = request.head.fields.iter();
    Ok(Echoed {
        method: request.head.method.to_string(),
        target: latin1(&request.head.target),
        headers: fields.map(|(name, value)| (latin1(name), latin1(value))).collect(),
        body_b64: BASE64_STANDARD.encode(body),
    })
}

/// Each byte as the character of its number: whatever travelled comes through.
fn latin1(bytes: &[u8]) -> String {
    bytes.iter().copied().map(char::from).collect()
}

fn json(echoed: &Echoed) -> Response {
    match serde_json::to_vec(echoed) {
        Ok(body) => Response::new(StatusCode::OK)
            .with_field(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))
            .with_body(body),
        Err(_) => Problem::internal().into_response(),
    }
}

#[counterpart::main]
async fn main() -> counterpart::Result<()> {
    support::flags::read(&[]).serve_by_hand(Echo).await
}

#[cfg(test)]
mod tests;
