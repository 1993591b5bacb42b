//! What the tests here have in common: a connection over a pipe, and the peer at its other end.

use std::future::poll_fn;

use bytes::BytesMut;
use counterpart::client::{Answer, Connection, Connector};
use counterpart::http::{HeaderName, HeaderValue, Method};
use counterpart::io::{Memory, pair};
use counterpart::wire::Wire;
use counterpart::{Fault, Request};

/// The other end, which says what it is told.
pub(super) struct Peer(Memory);

/// A connection, and who is at its other end.
pub(super) fn talk() -> (Connection, Peer) {
    talk_by(&Connector::new())
}

pub(super) fn talk_by(connector: &Connector) -> (Connection, Peer) {
    talk_through(connector, 1 << 20)
}

/// The same, with room for so many bytes that the other end has not read.
pub(super) fn talk_through(connector: &Connector, room: usize) -> (Connection, Peer) {
    let (ours, theirs) = pair(room);
    (connector.over(ours), Peer(theirs))
}

impl Peer {
    pub(super) async fn say(&mut self, text: impl AsRef<[u8]>) {
        let mut rest = text.as_ref();
        while !rest.is_empty() {
            let written = poll_fn(|cx| self.0.poll_write(cx, rest)).await.unwrap();
            rest = &rest[written..];
        }
    }

    /// Some bytes, at most so many; none at the end.
    pub(super) async fn hear(&mut self, most: usize) -> String {
        // Room for no more is room for as much as fits.
        let mut read = BytesMut::with_capacity(most);
        poll_fn(|cx| self.0.poll_read(cx, &mut read)).await.unwrap();
        String::from_utf8(read.to_vec()).unwrap()
    }

    /// All up to this.
    pub(super) async fn hear_until(&mut self, end: &str) -> String {
        let mut heard = String::new();
        while !heard.ends_with(end) {
            let more = self.hear(1).await;
            assert!(!more.is_empty(), "it ended behind {heard:?}");
            heard.push_str(&more);
        }
        heard
    }

    pub(super) async fn head(&mut self) -> String {
        self.hear_until("\r\n\r\n").await
    }

    /// Whether the connection was closed, and nothing said before.
    pub(super) async fn is_left(&mut self) -> bool {
        self.hear(1).await.is_empty()
    }

    /// Hears a request, without content, and answers it.
    pub(super) async fn answers(&mut self, answer: impl AsRef<[u8]>) -> String {
        let head = self.head().await;
        self.say(answer).await;
        head
    }
}

pub(super) fn get(target: &'static str) -> Request {
    Request::new(Method::GET, target)
}

pub(super) fn post(body: impl Into<counterpart::Body>) -> Request {
    Request::new(Method::POST, "/").with_body(body)
}

pub(super) fn with(request: Request, name: &'static str, value: &'static str) -> Request {
    request.with_field(HeaderName::from_static(name), HeaderValue::from_static(value))
}

/// Sends a request without content, has it answered, and gives the head that travelled besides.
pub(super) async fn ask<'c>(
    connection: &'c mut Connection,
    peer: &mut Peer,
    request: Request,
    answer: impl AsRef<[u8]>,
) -> (String, Result<Answer<'c>, Fault>) {
    let (answered, head) = tokio::join!(connection.send(request), peer.answers(answer));
    (head, answered)
}

/// The same for GET, whose answer is a good one.
pub(super) async fn got<'c>(
    connection: &'c mut Connection,
    peer: &mut Peer,
    answer: impl AsRef<[u8]>,
) -> Answer<'c> {
    ask(connection, peer, get("/"), answer).await.1.unwrap()
}

/// What a peer that says this and leaves has answered.
pub(super) async fn last_words(answer: impl AsRef<[u8]>) -> Result<Vec<u8>, Fault> {
    let (mut connection, mut peer) = talk();
    let (answered, ()) = tokio::join!(connection.send(get("/")), async move {
        peer.answers(answer).await;
    });
    let bytes = answered?.bytes(1 << 20).await?;
    Ok(bytes.to_vec())
}

pub(super) const HI: &str = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nhi";
