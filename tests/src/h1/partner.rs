//! Who speaks on our side while a case is played: a server that answers, a client that asks.

use counterpart::http::{HeaderName, HeaderValue, StatusCode, header};
use counterpart::proto::h1::{
    Client, Conn, Expectation, Length, ProtocolError, Role, Server, State,
};
use counterpart::text::{RequestHead, ResponseHead};

use super::play::{quoted, shown};

/// Our side of a connection. What it gives back is noted among the events.
pub(super) trait Partner<R: Role> {
    /// A part of their bytes is about to come.
    fn begin(&mut self, _: &mut Conn<R>) {}
    /// The other side's bytes do not suffice.
    fn wait(&mut self, _: &mut Conn<R>) {}
    fn head(&mut self, _: &mut Conn<R>) -> Vec<String> {
        Vec::new()
    }
    fn end(&mut self, conn: &mut Conn<R>) -> Vec<String>;
    fn refused(&mut self, _: &mut Conn<R>, _: ProtocolError) {}
}

/// A server that gives its answers line by line: `STATUS`, `early` to give it before the body is read,
/// and `+ name: value` for each field.
pub(super) struct Answers {
    lines: Vec<String>,
    /// The answer to this request has been sent.
    sent: bool,
}

impl Answers {
    pub(super) fn new(lines: &[String]) -> Self {
        Self { lines: lines.iter().rev().cloned().collect(), sent: false }
    }

    fn answer(&mut self, conn: &mut Conn<Server>) -> Vec<String> {
        self.sent = true;
        let line = self.lines.pop();
        let parts = line.as_deref().unwrap_or("200").replace(" early", "");
        let (status, fields) = fields(&parts);
        let mut head = ResponseHead::new(status.parse().expect("a status"));
        for (name, value) in fields {
            head.fields.append(name, value);
        }
        // An answer that tells a length in a field has it for HEAD; for all else it has that many bytes.
        let told =
            head.fields.get("content-length").and_then(|told| std::str::from_utf8(told).ok());
        let body = "x".repeat(told.and_then(|told| told.parse().ok()).unwrap_or_default());
        let length = if told.is_some() { Length::Absent } else { Length::Known(0) };
        let (mut out, mut said) = (Vec::new(), Vec::new());
        match conn.send_head(&head, length, None, &mut out) {
            Ok(()) if conn.ours() == State::Body => {
                conn.send_data(body.as_bytes(), &mut out).expect("a body");
                conn.send_end(None, &mut out).expect("an end");
            }
            Ok(()) => {}
            Err(error) => {
                said.push(shown(error));
                let head = ResponseHead::new(StatusCode::INTERNAL_SERVER_ERROR);
                conn.send_head(&head, Length::Known(0), None, &mut out).expect("an apology");
                conn.send_end(None, &mut out).expect("its end");
            }
        }
        said.extend(line.map(|_| format!("sent {}", quoted(&out))));
        said
    }
}

impl Partner<Server> for Answers {
    fn wait(&mut self, conn: &mut Conn<Server>) {
        if conn.expectation() == Expectation::Continue && !self.sent {
            conn.send_continue(&mut Vec::new()).expect("an interim answer");
        }
    }

    fn head(&mut self, conn: &mut Conn<Server>) -> Vec<String> {
        self.sent = false;
        let mut said: Vec<String> = match conn.expectation() {
            Expectation::None => Vec::new(),
            Expectation::Continue => vec!["waits for 100".to_owned()],
            Expectation::Unknown => vec!["waits for something unknown".to_owned()],
        };
        if self.lines.last().is_some_and(|line| line.contains(" early")) {
            said.extend(self.answer(conn));
        }
        said
    }

    fn end(&mut self, conn: &mut Conn<Server>) -> Vec<String> {
        let mut said = if self.sent { Vec::new() } else { self.answer(conn) };
        if conn.ours() != State::Switched {
            said.push(if conn.keeps() { "keep" } else { "close" }.to_owned());
        }
        said
    }

    /// Whatever came before, the refusal can be said, in full, and it is the last word.
    fn refused(&mut self, conn: &mut Conn<Server>, error: ProtocolError) {
        if matches!(conn.ours(), State::Idle | State::Owed) {
            let status = StatusCode::from_u16(error.status_hint()).expect("a status");
            let (head, mut out) = (ResponseHead::new(status), Vec::new());
            conn.send_head(&head, Length::Known(2), None, &mut out).expect("a refusal");
            conn.send_data(b"no", &mut out).expect("its body");
            conn.send_end(None, &mut out).expect("its end");
            let text = String::from_utf8(out).expect("all is ASCII");
            assert!(text.contains("\r\nconnection: close\r\n"), "{text}");
        }
        assert!(!conn.keeps());
    }
}

/// A client that asks line by line: `METHOD target`, and `+ name: value` for each field; without a
/// line, `GET /`.
pub(super) struct Asks(Vec<String>);

impl Asks {
    pub(super) fn new(lines: &[String]) -> Self {
        let lines = lines.iter().rev().cloned().collect::<Vec<_>>();
        Self(if lines.is_empty() { vec!["GET /".to_owned()] } else { lines })
    }
}

impl Partner<Client> for Asks {
    fn begin(&mut self, conn: &mut Conn<Client>) {
        if let Some(line) = self.0.pop_if(|_| conn.is_idle()) {
            let mut out = Vec::new();
            conn.send_head(&request(&line), Length::Absent, &mut out).expect("a request");
            conn.send_end(None, &mut out).expect("an end");
        }
    }

    fn end(&mut self, conn: &mut Conn<Client>) -> Vec<String> {
        vec![if conn.keeps() { "keep" } else { "close" }.to_owned()]
    }
}

fn request(line: &str) -> RequestHead {
    let (line, fields) = fields(line);
    let (method, target) = line.split_once(' ').expect("a method and a target");
    let mut head = RequestHead::new(method.parse().expect("a method"), target.to_owned());
    head.fields.append(header::HOST, HeaderValue::from_static("a"));
    for (name, value) in fields {
        head.fields.append(name, value);
    }
    head
}

/// What stands before the first ` + `, and the fields behind each.
fn fields(line: &str) -> (&str, Vec<(HeaderName, HeaderValue)>) {
    let mut parts = line.split(" + ");
    let first = parts.next().unwrap_or_default();
    let field = |part: &str| {
        let (name, value) = part.split_once(": ").expect("a name and a value");
        (name.parse().expect("a name"), value.parse().expect("a value"))
    };
    (first, parts.map(field).collect())
}
