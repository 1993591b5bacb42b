//! When the peer is gone: who has no reader any more is not worked for; who has only said all is.

use std::sync::Arc;
use std::time::Duration;

use counterpart::drive::h1_server::{House, serve};
use counterpart::io::Tcp;
use counterpart::server::Config;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::timeout;

use super::house::{Peer, Talk};

/// A served connection over TCP, which memory cannot reset.
pub(super) struct Line {
    pub(super) stream: TcpStream,
    pub(super) service: Arc<Talk>,
    pub(super) house: Arc<House>,
}

impl Line {
    async fn new() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let stream = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
        let (theirs, address) = listener.accept().await.unwrap();
        let (service, house) = (Arc::new(Talk::default()), House::new(Config::default()));
        tokio::spawn(serve(service.clone(), Tcp::new(theirs, address), house.clone()));
        Self { stream, service, house }
    }

    /// Says this, and waits until the call has begun.
    pub(super) async fn held(text: &str) -> Self {
        let mut line = Self::new().await;
        line.stream.write_all(text.as_bytes()).await.unwrap();
        line.service.held.notified().await;
        line
    }

    async fn reset_and_dropped(self) {
        self.stream.set_zero_linger().unwrap();
        drop(self.stream);
        let dropped = timeout(Duration::from_secs(9), self.service.dropped.notified());
        dropped.await.expect("the call goes on though nobody waits for it");
    }
}

const HOLD: &str = "GET /hold HTTP/1.1\r\nhost: a\r\n\r\n";
const HELLO: &str = "GET /hello HTTP/1.1\r\nhost: a\r\n\r\n";

/// T29: a reset.
#[tokio::test]
async fn a_reset_drops_the_call() {
    Line::held(HOLD).await.reset_and_dropped().await;
}

#[tokio::test]
async fn a_reset_drops_the_call_though_more_requests_wait() {
    let line = Line::held(&(HOLD.to_owned() + HELLO)).await;
    line.reset_and_dropped().await;
    let mut line = Line::held(HOLD).await;
    for _ in 0..100 {
        line.stream.write_all(HELLO.as_bytes()).await.unwrap();
        tokio::task::yield_now().await;
    }
    line.reset_and_dropped().await;
}

#[tokio::test]
async fn a_reset_drops_a_call_that_does_not_read_its_body() {
    let head = "POST /hold HTTP/1.1\r\nhost: a\r\ncontent-length: 9999\r\n\r\n";
    Line::held(head).await.reset_and_dropped().await;
    Line::held(&(head.to_owned() + "half")).await.reset_and_dropped().await;
}

/// T30: a reset within an answer.
#[tokio::test]
async fn a_reset_ends_an_answer_that_has_nothing_to_say() {
    let mut line = Line::new().await;
    line.stream.write_all(b"GET /quiet HTTP/1.1\r\nhost: a\r\n\r\n").await.unwrap();
    let mut heard = Vec::new();
    while !heard.ends_with(b"word\r\n") {
        heard.push(line.stream.read_u8().await.unwrap());
    }
    line.stream.set_zero_linger().unwrap();
    drop(line.stream);
    let gone = std::future::poll_fn(|cx| line.house.crowd.poll_fewer(1, cx));
    timeout(Duration::from_secs(9), gone).await.expect("the answer goes on for nobody");
}

/// T29, T32: the end of a peer within its body.
#[tokio::test]
async fn an_end_within_a_body_drops_a_call_that_does_not_read_it() {
    for body in [
        "content-length: 9\r\n\r\n",
        "content-length: 9\r\n\r\nhalf",
        "transfer-encoding: chunked\r\n\r\n",
        "transfer-encoding: chunked\r\n\r\n4\r\nhalf\r\n",
        "transfer-encoding: chunked\r\n\r\n4\r\nhalf\r\n9\r\nhal",
        "transfer-encoding: chunked\r\n\r\n4\r\nhalf\r\n0\r\ntrailer: with",
    ] {
        let mut line = Line::held(&format!("POST /hold HTTP/1.1\r\nhost: a\r\n{body}")).await;
        line.stream.shutdown().await.unwrap();
        let dropped = timeout(Duration::from_secs(9), line.service.dropped.notified());
        dropped.await.unwrap_or_else(|_| panic!("still worked for: {body}"));
        assert_eq!(line.stream.read(&mut [0]).await.unwrap_or(0), 0);
    }
}

/// T29, T32: the rest of a body may have come while nobody asked for it.
#[tokio::test]
async fn an_end_behind_a_part_that_was_read_ahead_is_seen() {
    for (first, second) in [
        ("content-length: 99\r\n\r\n", "half"),
        ("transfer-encoding: chunked\r\n\r\n", "9\r\nhalf"),
        ("transfer-encoding: chunked\r\n\r\n", "1\r\nx\r\n1\r\ny\r\n2\r\nz"),
    ] {
        let mut peer = Peer::new();
        peer.say(format!("POST /hold HTTP/1.1\r\nhost: a\r\n{first}")).await;
        peer.service.held.notified().await;
        peer.say(second).await;
        peer.end().await;
        peer.service.dropped.notified().await;
        assert_eq!(peer.hear_all().await, "");
    }
}

/// T31: behind a whole one it is only the end of requests, and the body is still there to be read.
#[tokio::test]
async fn a_chunked_body_that_ended_is_read_after_the_end() {
    let mut peer = Peer::new();
    peer.say("POST /detached HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n").await;
    peer.service.held.notified().await;
    peer.say("3\r\none\r\n3\r\ntwo\r\n0\r\nx: y\r\n\r\n").await;
    peer.end().await;
    tokio::task::yield_now().await;
    peer.service.release.notify_one();
    assert!(peer.hear_all().await.starts_with("HTTP/1.1 200 "));
    assert_eq!(peer.service.finished.lock().unwrap().take(), Some(Ok("onetwo".into())));
}

/// T29: more than is read ahead does not hide that the peer was reset.
#[tokio::test]
async fn a_reset_behind_what_nobody_reads_drops_the_call() {
    let mut line =
        Line::held("POST /hold HTTP/1.1\r\nhost: a\r\ncontent-length: 999999\r\n\r\n").await;
    line.stream.write_all(&[b'x'; 100_000]).await.unwrap();
    line.reset_and_dropped().await;
}

#[tokio::test]
async fn an_end_behind_a_body_that_was_not_read_is_none_within_it() {
    let mut peer = Peer::new();
    peer.say("POST /hold HTTP/1.1\r\nhost: a\r\ncontent-length: 9\r\n\r\nhalf").await;
    peer.service.held.notified().await;
    peer.say("other").await;
    peer.end().await;
    tokio::task::yield_now().await;
    peer.service.release.notify_one();
    assert!(peer.hear_all().await.ends_with("held"));
}

#[tokio::test]
async fn what_comes_while_a_call_is_at_work_is_answered_after_it() {
    let mut line = Line::held(HOLD).await;
    for _ in 0..3 {
        line.stream.write_all(HELLO.as_bytes()).await.unwrap();
        tokio::task::yield_now().await;
    }
    line.service.release.notify_one();
    line.stream.shutdown().await.unwrap();
    let mut heard = String::new();
    line.stream.read_to_string(&mut heard).await.unwrap();
    let bodies: Vec<_> = heard.split("\r\n\r\n").map(|part| &part[..4.min(part.len())]).collect();
    assert_eq!(bodies, ["HTTP", "held", "hell", "hell", "hell"]);
}

/// T33: back-pressure.
#[tokio::test]
async fn a_flood_waits_in_the_network_and_not_in_the_server() {
    let mut line = Line::held(HOLD).await;
    let flood = HELLO.repeat(1000);
    let mut sent = 0;
    let silence = Duration::from_millis(100);
    while timeout(silence, line.stream.write_all(flood.as_bytes())).await.is_ok() {
        sent += flood.len();
        assert!(sent < 64 << 20, "the server takes all there is");
    }
    line.service.release.notify_one();
    assert_eq!(line.stream.read_u8().await.unwrap(), b'H');
}
