//! Places: connections to one origin that may be open at a time, and who waits for one.

use std::time::Duration;

use counterpart::client::Client;
use counterpart::service::{Deadline, FaultKind, Phase};
use counterpart::{Request, Service};

use super::house::*;

fn counted(peer: &Peer, most: usize) -> Client {
    peer.client_by(pooled(|pooling| pooling.per_origin = Some(most)))
}

fn hurried(target: &str, total: Duration) -> Request {
    let mut request = get(target);
    request.extensions.insert(Deadline(total));
    request
}

/// C62: calls beyond the number wait in their order, and go over the connections that there are.
#[tokio::test]
async fn calls_wait_in_order() {
    let peer = Peer::new().await;
    let client = counted(&peer, 1);
    let mut calls = Vec::new();
    for target in ["/0", "/1", "/2", "/3"] {
        calls.push(call(&client, get(target)));
        tokio::task::yield_now().await;
    }
    let mut line = peer.accept().await;
    for (index, call) in calls.into_iter().enumerate() {
        assert!(line.answers(HI).await.starts_with(&format!("GET /{index} ")));
        assert_eq!(call.await.unwrap().unwrap(), "hi");
    }
}

/// C62: there are never more connections than that, and each is used.
#[tokio::test]
async fn as_many_as_there_are_places() {
    let peer = Peer::new().await;
    let client = counted(&peer, 2);
    let calls: Vec<_> = (0..8).map(|_| call(&client, get("/"))).collect();
    let (mut one, mut other) = (peer.accept().await, peer.accept().await);
    let four = async |line: &mut Line| {
        for _ in 0..4 {
            line.answers(HI).await;
        }
    };
    tokio::join!(four(&mut one), four(&mut other));
    for call in calls {
        assert_eq!(call.await.unwrap().unwrap(), "hi");
    }
}

/// C62: who stops waiting takes nobody's place away.
#[tokio::test]
async fn who_stops_waiting_takes_no_place() {
    let peer = Peer::new().await;
    let client = counted(&peer, 1);
    let first = call(&client, get("/first"));
    let mut line = peer.accept().await;
    let given_up = call(&client, get("/given-up"));
    tokio::task::yield_now().await;
    let last = call(&client, get("/last"));
    tokio::task::yield_now().await;
    given_up.abort();
    line.answers(HI).await;
    assert_eq!(first.await.unwrap().unwrap(), "hi");
    assert!(line.answers(HI).await.starts_with("GET /last "));
    assert_eq!(last.await.unwrap().unwrap(), "hi");
    // Nor does one whose connection is gone.
    let dropped = call(&client, get("/dropped"));
    line.head().await;
    dropped.abort();
    line.is_left().await;
    tokio::join!(peer.answers(HI), hi(&client));
}

/// C26, C62: to wait for a place has its own time, and is part of the whole.
#[tokio::test]
async fn a_place_is_not_waited_for_for_ever() {
    let peer = Peer::new().await;
    let pooling = |connector| {
        let mut pooling = counterpart::client::Pooling::default();
        pooling.per_origin = Some(1);
        counterpart::client::Connector::pooling(connector, pooling)
    };
    let client =
        peer.client_by(pooling(patient(|timeouts| timeouts.pool = Duration::from_secs(7))));
    let first = call(&client, get("/"));
    let mut line = peer.accept().await;
    line.head().await;
    tokio::time::pause();
    let start = tokio::time::Instant::now();
    let fault = client.call(hurried("/", Duration::from_secs(3))).await.unwrap_err();
    assert_eq!(fault.kind(), FaultKind::Timeout(Phase::Total));
    assert_eq!(start.elapsed().as_secs(), 3);
    let fault = client.call(get("/")).await.unwrap_err();
    assert_eq!(fault.kind(), FaultKind::Timeout(Phase::Pool));
    assert!(fault.is_connect(), "nothing was sent");
    assert_eq!(start.elapsed().as_secs(), 3 + 7);
    tokio::time::resume();
    line.say(HI).await;
    assert_eq!(first.await.unwrap().unwrap(), "hi");
}

/// C62: an answer has its place for as long as it is read.
#[tokio::test]
async fn an_answer_keeps_its_place() {
    let peer = Peer::new().await;
    let client = counted(&peer, 1);
    let (response, mut line) = tokio::join!(client.call(get("/")), async {
        peer.answers("HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nhi").await.0
    });
    let next = call(&client, get("/next"));
    tokio::task::yield_now().await;
    line.say("hi").await;
    assert_eq!(text(response.unwrap()).await.unwrap(), "hihi");
    assert!(line.answers(HI).await.starts_with("GET /next "));
    assert_eq!(next.await.unwrap().unwrap(), "hi");
}

/// C62: one that was read to its end has none any more, though it is still there.
#[tokio::test]
async fn an_answer_that_was_read_keeps_no_place() {
    let peer = Peer::new().await;
    let client = counted(&peer, 1);
    let (response, mut line) = tokio::join!(client.call(get("/")), async {
        peer.answers("HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nhi").await.0
    });
    let mut body = response.unwrap().body;
    line.say("hi").await;
    while body.chunk().await.unwrap().is_some() {}
    tokio::join!(line.answers(HI), hi(&client));
    drop(body);
}
