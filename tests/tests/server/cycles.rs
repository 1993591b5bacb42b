//! Requests and answers in turn: keeping, pipelining, closing, refusing.

use std::future::poll_fn;
use std::io::Result;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};

use bytes::BytesMut;
use counterpart::drive::h1_server::{House, serve};
use counterpart::io::{Memory, pair};
use counterpart::server::Config;
use counterpart::wire::Wire;

use super::house::{Peer, Talk};

const HELLO: &str = "GET /hello HTTP/1.1\r\nhost: a\r\n\r\n";

/// S15, S21: HTTP/1.1 is kept; length and date are added.
#[tokio::test]
async fn a_connection_is_kept_between_requests() {
    let mut peer = Peer::new();
    for _ in 0..3 {
        peer.say(HELLO).await;
        let answer = peer.hear_until("hello").await;
        assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
        assert!(answer.contains("\r\ncontent-length: 5\r\n"), "{answer}");
        assert!(answer.contains("\r\ndate: "), "{answer}");
        assert!(!answer.contains("connection:"), "{answer}");
    }
}

/// S2: nobody waits for a request that has come already.
#[tokio::test]
async fn requests_that_come_together_are_answered_in_order() {
    let mut peer = Peer::new();
    let requests: String = (0..40)
        .map(|n| format!("POST /echo HTTP/1.1\r\nhost: a\r\ncontent-length: 2\r\n\r\n{n:02}"))
        .collect();
    peer.say(requests).await;
    for n in 0..40 {
        let answer = peer.hear_until(&format!("\r\n\r\n{n:02}")).await;
        assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{n}: {answer}");
    }
}

#[tokio::test]
async fn an_answer_does_not_wait_for_the_request_behind_it() {
    let mut peer = Peer::new();
    peer.say([HELLO, "GET /hold HTTP/1.1\r\nhost: a\r\n\r\n"].concat()).await;
    peer.hear_until("hello").await;
    peer.service.release.notify_one();
    peer.hear_until("held").await;
}

/// S15, S16: close is asked for, said and done.
#[tokio::test]
async fn close_is_said_and_done() {
    let mut peer = Peer::new();
    peer.say("GET /hello HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n").await;
    let answer = peer.hear_all().await;
    assert!(answer.contains("\r\nconnection: close\r\n") && answer.ends_with("hello"), "{answer}");
}

/// S15, S33, T13: HTTP/1.0 is kept if it asks; what has no length ends with the connection.
#[tokio::test]
async fn http_1_0_is_kept_only_if_it_asks() {
    let mut peer = Peer::new();
    peer.say("GET /hello HTTP/1.0\r\nconnection: keep-alive\r\n\r\n").await;
    let answer = peer.hear_until("hello").await;
    assert!(answer.contains("\r\nconnection: keep-alive\r\n"), "{answer}");
    peer.say("GET /stream HTTP/1.0\r\n\r\n").await;
    let answer = peer.hear_all().await;
    assert!(answer.contains("\r\nconnection: close\r\n"), "{answer}");
    assert!(answer.ends_with("\r\n\r\npiece piece piece "), "{answer}");
}

/// T31: a half-closed peer is answered.
#[tokio::test]
async fn a_whole_request_is_answered_though_its_sender_has_ended() {
    let mut peer = Peer::new();
    peer.say(HELLO).await;
    peer.end().await;
    assert!(peer.hear_all().await.ends_with("hello"));
}

/// T31: the same while the handler is at work.
#[tokio::test]
async fn a_handler_at_work_is_not_disturbed_by_the_end_of_its_peer() {
    let mut peer = Peer::new();
    peer.say("GET /hold HTTP/1.1\r\nhost: a\r\n\r\n").await;
    peer.service.held.notified().await;
    peer.end().await;
    peer.service.release.notify_one();
    assert!(peer.hear_all().await.ends_with("held"));
}

/// A wire that counts what is written to it.
struct Counting(Memory, Arc<AtomicUsize>);

impl Wire for Counting {
    fn poll_read(&mut self, cx: &mut Context<'_>, buffer: &mut BytesMut) -> Poll<Result<usize>> {
        self.0.poll_read(cx, buffer)
    }

    fn poll_write(&mut self, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<Result<usize>> {
        self.1.fetch_add(1, Ordering::Relaxed);
        self.0.poll_write(cx, bytes)
    }

    fn poll_flush(&mut self, cx: &mut Context<'_>) -> Poll<Result<()>> {
        self.0.poll_flush(cx)
    }

    fn poll_shutdown(&mut self, cx: &mut Context<'_>) -> Poll<Result<()>> {
        self.0.poll_shutdown(cx)
    }
}

#[tokio::test]
async fn answers_leave_together_as_their_requests_came() {
    let (mut ours, theirs) = pair(64 * 1024);
    let writes = Arc::new(AtomicUsize::new(0));
    let wire = Counting(theirs, writes.clone());
    let requests = HELLO.repeat(32);
    let said = poll_fn(|cx| ours.poll_write(cx, requests.as_bytes())).await.unwrap();
    assert_eq!(said, requests.len());
    poll_fn(|cx| ours.poll_shutdown(cx)).await.unwrap();
    serve(Arc::new(Talk::default()), wire, House::new(Config::default())).await;
    let mut heard = BytesMut::with_capacity(64 * 1024);
    while poll_fn(|cx| ours.poll_read(cx, &mut heard)).await.unwrap() > 0 {}
    assert_eq!(String::from_utf8_lossy(&heard).matches("hello").count(), 32);
    // Sixteen at a time.
    assert_eq!(writes.load(Ordering::Relaxed), 2);
}

/// S10, S12, S13, S23, T07: always a whole answer, and the last one.
#[tokio::test]
async fn a_malformed_head_is_answered_with_a_problem() {
    for (bytes, status) in [
        ("GET / HTTP/1.1\r\n\r\n", 400),
        (
            "GET / HTTP/1.1\r\nhost: a\r\ncontent-length: 1\r\ntransfer-encoding: chunked\r\n\r\n",
            400,
        ),
        ("GET / HTTP/1.1\r\nhost: a\r\ntransfer-encoding: gzip\r\n\r\n", 501),
        ("GET / HTTP/2.0\r\nhost: a\r\n\r\n", 505),
        (&format!("GET /{} HTTP/1.1\r\nhost: a\r\n\r\n", "a".repeat(9000)), 414),
        (&format!("GET / HTTP/1.1\r\nhost: a\r\nb: {}\r\n\r\n", "c".repeat(40_000)), 431),
    ] {
        let mut peer = Peer::new();
        peer.say([HELLO, bytes].concat()).await;
        peer.hear_until("hello").await;
        let answer = peer.hear_all().await;
        assert!(answer.starts_with(&format!("HTTP/1.1 {status} ")), "{bytes}: {answer}");
        assert!(answer.contains("\r\ncontent-type: application/problem+json\r\n"), "{answer}");
        assert!(answer.contains("\r\nconnection: close\r\n"), "{answer}");
        let body: serde_json::Value =
            serde_json::from_str(answer.split_once("\r\n\r\n").unwrap().1).unwrap();
        assert_eq!(body["status"], status);
        assert!(body["code"].as_str().unwrap().starts_with("http."), "{body}");
    }
}

/// S4, S22, T70: no handler drops its connection.
#[tokio::test]
async fn a_fault_and_a_panic_are_problems_and_the_connection_goes_on() {
    let mut peer = Peer::new();
    for (path, status) in [("/late", 504), ("/panic", 500), ("/lie", 500), ("/interim", 500)] {
        peer.say(format!("GET {path} HTTP/1.1\r\nhost: a\r\n\r\n{HELLO}")).await;
        let answer = peer.hear_until("hello").await;
        assert!(answer.starts_with(&format!("HTTP/1.1 {status} ")), "{path}: {answer}");
    }
}

/// S23, S32, T69: no content for HEAD, nor for 204.
#[tokio::test]
async fn heads_alone() {
    let mut peer = Peer::new();
    peer.say("HEAD /hello HTTP/1.1\r\nhost: a\r\n\r\n").await;
    let answer = peer.hear_until("\r\n\r\n").await;
    assert!(answer.contains("\r\ncontent-length: 5\r\n"), "{answer}");
    peer.say("HEAD /endless HTTP/1.1\r\nhost: a\r\n\r\n").await;
    peer.hear_until("\r\n\r\n").await;
    peer.say("GET /empty HTTP/1.1\r\nhost: a\r\n\r\n").await;
    let answer = peer.hear_until("\r\n\r\n").await;
    assert!(answer.starts_with("HTTP/1.1 204 "), "{answer}");
    assert!(!answer.contains("content-length"), "{answer}");
    peer.say(HELLO).await;
    assert!(peer.hear_until("hello").await.starts_with("HTTP/1.1 200 "));
}

/// A server that may hold no answer back still gives answers.
#[tokio::test]
async fn no_pipeline_is_one_of_one() {
    let mut config = Config::default();
    config.pipeline = 0;
    let mut peer = Peer::with(config, 4096);
    peer.say("GET /hello HTTP/1.1\r\nhost: a\r\n\r\n".repeat(2)).await;
    for _ in 0..2 {
        assert!(peer.hear_until("hello").await.starts_with("HTTP/1.1 200 "));
    }
}
