//! Says what the machine makes of messages, for `tests/differential`.
//!
//! On stdin: `Q` for requests or `S` for responses to `GET /`, the length as four bytes, big end first, and the bytes of a
//! stream; again and again. On stdout, for each stream, a line of JSON: the messages that came, and how it ended.

#![allow(clippy::unwrap_used, reason = "a tool of the tests")]

use std::io::{self, BufWriter, Read, Write};

use counterpart::Fields;
use counterpart::http::{HeaderName, HeaderValue, Method, StatusCode, Version};
use counterpart::proto::h1::{Client, Conn, Event, Length, Role, Server, State};
use counterpart::text::{RequestHead, ResponseHead};
use serde_json::{Value, json};

fn main() -> io::Result<()> {
    let (mut input, mut output) = (io::stdin().lock(), BufWriter::new(io::stdout().lock()));
    let mut front = [0; 5];
    while input.read_exact(&mut front).is_ok() {
        let [kind, length @ ..] = front;
        let mut stream = vec![0; u32::from_be_bytes(length) as usize];
        input.read_exact(&mut stream)?;
        let verdict = match kind {
            b'Q' => Verdict::of(Conn::<Server>::default(), &stream),
            _ => Verdict::of(Conn::<Client>::default(), &stream),
        };
        serde_json::to_writer(&mut output, &verdict)?;
        output.write_all(b"\n")?;
        output.flush()?;
    }
    Ok(())
}

/// What a stream says.
struct Verdict;

impl Verdict {
    /// The end of the stream is not told, so that a body that lasts until then is unfinished for everybody.
    fn of<R: Talks>(mut conn: Conn<R>, stream: &[u8]) -> Value {
        R::begin(&mut conn);
        conn.input().extend_from_slice(stream);
        let mut messages: Vec<Value> = Vec::new();
        let mut body = Vec::new();
        loop {
            match conn.next_event() {
                Ok(Event::Head(head) | Event::Interim(head)) => {
                    messages.push(R::told(&head));
                    body.clear();
                }
                Ok(Event::Data(data)) => body.extend_from_slice(&data),
                Ok(Event::End(trailers)) => {
                    let message = messages.last_mut().unwrap();
                    message["body"] = latin1(&body).into();
                    message["trailers"] = pairs(trailers.as_ref().unwrap_or(&Fields::new()));
                    message["whole"] = true.into();
                    R::end(&mut conn);
                }
                Ok(Event::NeedData) => return json!({"messages": messages, "end": "more"}),
                Ok(Event::Paused) => return json!({"messages": messages, "end": "switched"}),
                Ok(Event::Closed) => return json!({"messages": messages, "end": "closed"}),
                Err(error) => {
                    let kind = format!("{:?}", error.kind());
                    let kind = kind.split(' ').next().unwrap();
                    return json!({"messages": messages, "end": "refused", "why": kind});
                }
            }
        }
    }
}

/// Our side of a stream.
trait Talks: Role {
    fn begin(_: &mut Conn<Self>)
    where
        Self: Sized;
    fn end(_: &mut Conn<Self>)
    where
        Self: Sized;
    fn told(head: &Self::Theirs) -> Value;
}

impl Talks for Server {
    fn begin(_: &mut Conn<Self>) {}

    /// Each request is answered with an empty 404, which opens no tunnel.
    fn end(conn: &mut Conn<Self>) {
        let head = ResponseHead::new(StatusCode::NOT_FOUND);
        conn.send_head(&head, Length::Known(0), None, &mut Vec::new()).unwrap();
        conn.send_end(None, &mut Vec::new()).unwrap();
    }

    fn told(head: &RequestHead) -> Value {
        json!({
            "line": [head.method.as_str(), latin1(&head.target), minor(head.version)],
            "fields": pairs(&head.fields),
        })
    }
}

impl Talks for Client {
    fn begin(conn: &mut Conn<Self>) {
        let mut head = RequestHead::new(Method::GET, "/");
        head.fields.append(HeaderName::from_static("host"), HeaderValue::from_static("a"));
        conn.send_head(&head, Length::Absent, &mut Vec::new()).unwrap();
        conn.send_end(None, &mut Vec::new()).unwrap();
    }

    /// The next bytes answer nothing: where they begin is told by how much is left.
    fn end(conn: &mut Conn<Self>) {
        assert!(matches!(conn.theirs(), State::Idle | State::MustClose));
    }

    fn told(head: &ResponseHead) -> Value {
        json!({
            "line": [head.status.as_u16().to_string(), "", minor(head.version)],
            "fields": pairs(&head.fields),
            "whole": head.status.is_informational(),
            "body": "",
            "trailers": [],
        })
    }
}

fn minor(version: Version) -> &'static str {
    if version == Version::HTTP_10 { "0" } else { "1" }
}

fn pairs(fields: &Fields) -> Value {
    fields.iter().map(|(name, value)| json!([latin1(name), latin1(value)])).collect()
}

/// Each byte as the character of its number.
fn latin1(bytes: &[u8]) -> String {
    bytes.iter().copied().map(char::from).collect()
}
