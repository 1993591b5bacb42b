//! Answers what it was asked: `cargo run --bin echo`, the raw server at its defaults, for conformance runs.
//!
//! Any method but CONNECT and any target is 200 with `{"method","target","headers","body_b64"}`, once the whole body was
//! read. The headers are a list of `[name, value]` in the order in which they came, names in lower case.

use base64::prelude::{BASE64_STANDARD, Engine as _};
use counterpart::http::{Method, StatusCode};
use counterpart::service::from_fn;
use counterpart::{Fault, Problem, Reply as _, Request, Response};
use serde::Serialize;

/// What is answered.
#[derive(Serialize)]
struct Echoed {
    method: String,
    target: String,
    headers: Vec<(String, String)>,
    body_b64: String,
}

// ANCHOR: echo
/// The service. A body that is too large, too slow or broken is a fault, and the server tells its peer which.
async fn echo(request: Request) -> Result<Response, Fault> {
    let Request { head, body, .. } = request;
    if head.method == Method::CONNECT {
        return Ok(Problem::new(StatusCode::NOT_IMPLEMENTED).into_response());
    }
    let body = body.collect(u64::MAX).await?;
    let echoed = Echoed {
        method: head.method.to_string(),
        target: latin1(&head.target),
        headers: head.fields.iter().map(field).collect(),
        body_b64: BASE64_STANDARD.encode(body),
    };
    Ok(echoed.reply())
}
// ANCHOR_END: echo

fn field((name, value): (&[u8], &[u8])) -> (String, String) {
    (latin1(name).to_ascii_lowercase(), latin1(value))
}

/// Each byte as the character of its number: whatever travelled comes through.
fn latin1(bytes: &[u8]) -> String {
    bytes.iter().copied().map(char::from).collect()
}

#[counterpart::main]
async fn main() -> counterpart::Result<()> {
    support::flags::read(&[]).serve_by_hand(from_fn(echo)).await
}

#[cfg(test)]
mod tests;
