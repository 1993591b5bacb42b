//! Keeping: which connections rest, for how long, and which never do.

use std::time::Duration;

use counterpart::client::Connector;
use counterpart::service::FaultKind;
use tokio::time;

use super::house::*;

/// C62: calls one after the other share a connection, and clones of a client its pool.
#[tokio::test]
async fn a_connection_is_kept() {
    let peer = Peer::new().await;
    let client = peer.client();
    let (mut line, ()) = tokio::join!(async { peer.answers(HI).await.0 }, hi(&client));
    for _ in 0..3 {
        let clone = client.clone();
        tokio::join!(line.answers(HI), hi(&clone));
    }
}

/// C62: one that has rested for its time is closed, though nobody asks for it.
#[tokio::test]
async fn a_connection_does_not_rest_for_ever() {
    let peer = Peer::new().await;
    let client = peer.client();
    let (mut line, ()) = tokio::join!(async { peer.answers(HI).await.0 }, hi(&client));
    time::pause();
    time::advance(Duration::from_secs(29)).await;
    time::resume();
    tokio::join!(line.answers(HI), hi(&client));
    time::pause();
    // It has rested anew since.
    time::advance(Duration::from_secs(29)).await;
    time::resume();
    tokio::join!(line.answers(HI), hi(&client));
    time::pause();
    time::advance(Duration::from_secs(31)).await;
    time::resume();
    line.is_left().await;
    tokio::join!(peer.answers(HI), hi(&client));
}

/// C62: how long one rests can be set, and that none does.
#[tokio::test]
async fn how_long_one_rests() {
    let peer = Peer::new().await;
    let client = peer.client_by(pooled(|pooling| pooling.idle = Duration::from_secs(5)));
    let (mut line, ()) = tokio::join!(async { peer.answers(HI).await.0 }, hi(&client));
    time::pause();
    time::advance(Duration::from_secs(6)).await;
    time::resume();
    line.is_left().await;
    for none in [
        pooled(|pooling| pooling.idle = Duration::ZERO),
        pooled(|pooling| pooling.idle_per_origin = 0),
    ] {
        let client = peer.client_by(none);
        let (mut line, ()) = tokio::join!(async { peer.answers(HI).await.0 }, hi(&client));
        line.is_left().await;
    }
}

/// C62: of more connections than may rest, those that were used first are closed.
#[tokio::test]
async fn how_many_rest() {
    let peer = Peer::new().await;
    let client = peer.client_by(pooled(|pooling| pooling.idle_per_origin = 2));
    let mut calls = Vec::new();
    let mut lines = Vec::new();
    for _ in 0..3 {
        calls.push(call(&client, get("/")));
        lines.push(peer.accept().await);
    }
    for (line, call) in lines.iter_mut().zip(calls) {
        line.answers(HI).await;
        assert_eq!(call.await.unwrap().unwrap(), "hi");
    }
    lines[0].is_left().await;
    let again = [call(&client, get("/")), call(&client, get("/"))];
    for line in &mut lines[1..] {
        line.answers(HI).await;
    }
    for call in again {
        assert_eq!(call.await.unwrap().unwrap(), "hi");
    }
}

/// C50, C51, C53: what the server closes, or says too much on, serves no other call.
#[tokio::test]
async fn what_is_never_kept() {
    for answer in [
        "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 2\r\n\r\nhi",
        "HTTP/1.0 200 OK\r\ncontent-length: 2\r\n\r\nhi",
        "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nhi and more",
        "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nhiHTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n",
    ] {
        let peer = Peer::new().await;
        let client = peer.client();
        let (mut line, ()) = tokio::join!(async { peer.answers(answer).await.0 }, hi(&client));
        line.is_left().await;
        tokio::join!(peer.answers(HI), hi(&client));
    }
    // What comes unasked while it rests is noticed when it is wanted.
    let peer = Peer::new().await;
    let client = peer.client();
    let (mut line, ()) = tokio::join!(async { peer.answers(HI).await.0 }, hi(&client));
    line.say("HTTP/1.1 408 Request Timeout\r\n\r\n").await;
    tokio::task::yield_now().await;
    tokio::join!(peer.answers(HI), hi(&client));
}

/// C51: after an answer that breaks a rule, or is dropped unread, its connection is closed.
#[tokio::test]
async fn what_failed_is_never_kept() {
    let peer = Peer::new().await;
    let client = peer.client();
    let failing = call(&client, get("/"));
    let (mut line, _) = peer.answers("nonsense\r\n\r\n").await;
    assert_eq!(failing.await.unwrap().unwrap_err().kind(), FaultKind::Malformed);
    line.is_left().await;
    tokio::join!(peer.answers(HI), hi(&client));
}

/// C62: a client that is gone leaves no connection behind.
#[tokio::test]
async fn a_pool_ends_with_its_clients() {
    let peer = Peer::new().await;
    let client = peer.client();
    let (mut line, ()) = tokio::join!(async { peer.answers(HI).await.0 }, hi(&client));
    let other = client.clone();
    drop(client);
    tokio::join!(line.answers(HI), hi(&other));
    drop(other);
    line.is_left().await;
}

/// C62: each origin has its own.
#[tokio::test]
async fn each_origin_has_its_own() {
    let (one, other) = (Peer::new().await, Peer::new().await);
    let client = one.client_by(Connector::new());
    let (mut line, ()) = tokio::join!(async { one.answers(HI).await.0 }, hi(&client));
    let elsewhere = call(&client, get(&other.url()));
    other.answers(HI).await;
    assert_eq!(elsewhere.await.unwrap().unwrap(), "hi");
    tokio::join!(line.answers(HI), hi(&client));
}
