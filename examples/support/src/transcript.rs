//! Transcripts: `.http` files that the book prints and the programs' tests replay in process.
//!
//! A file holds exchanges: a request, an empty line, and the answer that is expected; more exchanges follow after
//! further empty lines.
//!
//! ```text
//! GET /hello/world HTTP/1.1
//!
//! HTTP/1.1 200 OK
//! content-type: application/json
//!
//! "Hello, world!"
//! ```
//!
//! The answer's fields that are written down must be there, others may be. A JSON body is compared as JSON, and
//! the word `{any}` in it stands for whatever is there.

use counterpart::http::{HeaderName, HeaderValue, Method};
use counterpart::{App, Request, Service};
use serde_json::Value;

/// Sends each request of some transcripts to an app, one after the other, and compares the answers.
///
/// # Panics
/// When an answer is not the one written down, or when a text is no transcript.
pub async fn replay(app: App, transcripts: &[&str]) {
    let service = app.assemble().unwrap_or_else(|error| panic!("{error}"));
    for transcript in transcripts {
        replay_on(&service, transcript).await;
    }
}

async fn replay_on(service: &impl Service, transcript: &str) {
    let exchanges = exchanges(transcript);
    assert!(!exchanges.is_empty(), "a transcript without an exchange");
    for exchange in exchanges {
        let said = &exchange.request.line;
        let request = request(&exchange.request);
        let answer = service.call(request).await.unwrap_or_else(|fault| panic!("{said}: {fault}"));
        let status = answer.status.as_u16().to_string();
        let expected = exchange.answer.line.split(' ').nth(1).expect("a status");
        let fields = answer.fields;
        // The content of an answer to HEAD is what a wire leaves out.
        let limit = if said.starts_with("HEAD ") { 0 } else { 1 << 20 };
        let body = answer.body.collect(limit).await.unwrap_or_default();
        let body = String::from_utf8_lossy(&body).into_owned();
        assert_eq!(status, expected, "the status of {said}, whose body is {body}");
        for (name, value) in &exchange.answer.fields {
            assert_eq!(fields.get_str(name), Some(value.as_str()), "`{name}` of {said}");
        }
        assert!(alike(&body, &exchange.answer.body), "the body of {said} is\n{body}");
    }
}

/// A message as it is written down.
#[derive(Default)]
struct Message {
    line: String,
    fields: Vec<(String, String)>,
    body: String,
}

struct Exchange {
    request: Message,
    answer: Message,
}

/// Cuts the file at the lines a message begins with.
fn exchanges(transcript: &str) -> Vec<Exchange> {
    let mut messages: Vec<Vec<&str>> = Vec::new();
    for line in transcript.lines() {
        if line.starts_with("HTTP/1.1 ") || line.ends_with(" HTTP/1.1") {
            messages.push(Vec::new());
        }
        messages.last_mut().expect("a transcript begins with a request").push(line);
    }
    let mut messages = messages.iter().map(|lines| message(lines));
    let mut exchanges = Vec::new();
    while let Some(request) = messages.next() {
        let answer = messages.next().expect("each request has an answer");
        assert!(answer.line.starts_with("HTTP/1.1 "), "an answer after {}", request.line);
        exchanges.push(Exchange { request, answer });
    }
    exchanges
}

fn message(lines: &[&str]) -> Message {
    let end = lines.iter().position(|line| line.is_empty()).unwrap_or(lines.len());
    let field = |line: &&str| {
        let (name, value) = line.split_once(": ").expect("a field is `name: value`");
        (name.to_ascii_lowercase(), value.to_owned())
    };
    Message {
        line: lines[0].to_owned(),
        fields: lines[1..end].iter().map(field).collect(),
        body: lines[end..].join("\n").trim().to_owned(),
    }
}

fn request(message: &Message) -> Request {
    let mut words = message.line.split(' ');
    let method = words.next().and_then(|word| Method::from_bytes(word.as_bytes()).ok());
    let target = words.next().expect("a target").to_owned();
    let mut request = Request::new(method.expect("a method"), target);
    for (name, value) in &message.fields {
        let name = HeaderName::from_bytes(name.as_bytes()).expect("a field name");
        request = request.with_field(name, HeaderValue::from_str(value).expect("a field value"));
    }
    if message.body.is_empty() { request } else { request.with_body(message.body.clone()) }
}

/// Whether a body is the one expected: as JSON if both are, else as text.
fn alike(actual: &str, expected: &str) -> bool {
    let parsed = |text: &str| serde_json::from_str::<Value>(text);
    match (parsed(actual), parsed(expected)) {
        (Ok(actual), Ok(expected)) => matches(&actual, &expected),
        _ => actual.trim() == expected,
    }
}

fn matches(actual: &Value, expected: &Value) -> bool {
    match (actual, expected) {
        (_, Value::String(word)) if word == "{any}" => true,
        (Value::Array(a), Value::Array(e)) => {
            a.len() == e.len() && a.iter().zip(e).all(|(a, e)| matches(a, e))
        }
        (Value::Object(a), Value::Object(e)) => {
            a.len() == e.len()
                && e.iter().all(|(name, e)| a.get(name).is_some_and(|a| matches(a, e)))
        }
        _ => actual == expected,
    }
}

#[cfg(test)]
mod tests {
    use std::pin::pin;
    use std::task::{Context, Poll, Waker};

    use counterpart::http::StatusCode;
    use counterpart::{Fault, Response};

    use super::*;

    /// Answers with the target, as JSON.
    struct Echo;

    impl Service for Echo {
        async fn call(&self, request: Request) -> Result<Response, Fault> {
            let body = format!(r#"{{"target":"{}","at":7}}"#, request.path());
            Ok(Response::new(StatusCode::OK).with_body(body))
        }
    }

    fn try_replay(transcript: &str) {
        let mut cx = Context::from_waker(Waker::noop());
        let done = pin!(replay_on(&Echo, transcript)).poll(&mut cx);
        assert!(matches!(done, Poll::Ready(())));
    }

    #[test]
    fn what_is_written_down_happens() {
        let exchange = "GET /a HTTP/1.1\nhost: x\n\nHTTP/1.1 200 OK\n\n{ \"at\": \"{any}\", \"target\": \"/a\" }\n";
        try_replay(exchange);
        try_replay(&exchange.repeat(2));
    }

    #[test]
    #[should_panic(expected = "the body of GET /a")]
    fn another_body_is_noticed() {
        try_replay("GET /a HTTP/1.1\n\nHTTP/1.1 200 OK\n\n{ \"target\": \"/a\" }");
    }

    #[test]
    #[should_panic(expected = "the status of GET /a")]
    fn another_status_is_noticed() {
        try_replay("GET /a HTTP/1.1\n\nHTTP/1.1 404 Not Found\n\n{}");
    }

    #[test]
    #[should_panic(expected = "`content-type` of GET /a")]
    fn a_missing_field_is_noticed() {
        try_replay("GET /a HTTP/1.1\n\nHTTP/1.1 200 OK\ncontent-type: text/plain\n\n{}");
    }
}
