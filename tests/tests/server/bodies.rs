//! Bodies, both ways.

use counterpart::client::Client;
use counterpart::http::Method;
use counterpart::server::Config;
use counterpart::{Body, Request, Service};

use super::house::{Peer, Served};

/// S18: lengths and chunks are undone.
#[tokio::test]
async fn a_body_that_came_along_is_whole() {
    let mut peer = Peer::new();
    peer.say("POST /length HTTP/1.1\r\nhost: a\r\ncontent-length: 3\r\n\r\nabc").await;
    peer.hear_until("\r\n\r\nSome(3) true 3").await;
    peer.say("POST /length HTTP/1.1\r\nhost: a\r\ncontent-length: 6\r\n\r\nabc").await;
    peer.say("def").await;
    peer.hear_until("\r\n\r\nSome(6) ").await;
    peer.hear_until(" 6").await;
    peer.say("POST /length HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n").await;
    peer.hear_until("\r\n\r\nSome(3) true 3").await;
}

/// S17: 100 is written when the handler first asks for the body.
#[tokio::test]
async fn what_waits_for_100_continue_is_told_when_the_body_is_asked_for() {
    let mut peer = Peer::new();
    let head = "HTTP/1.1\r\nhost: a\r\nexpect: 100-continue\r\ncontent-length: 3\r\n\r\n";
    peer.say(format!("POST /length {head}")).await;
    assert_eq!(peer.hear_until("\r\n\r\n").await, "HTTP/1.1 100 Continue\r\n\r\n");
    peer.say("abc").await;
    peer.hear_until("Some(3) false 3").await;
    peer.say(format!("POST /ignore {head}")).await;
    let answer = peer.hear_all().await;
    assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
    assert!(answer.contains("\r\nconnection: close\r\n"), "{answer}");
}

#[tokio::test]
async fn a_body_is_echoed_while_it_comes() {
    let mut peer = Peer::new();
    peer.say("POST /echo HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n").await;
    peer.hear_until("\r\n\r\n").await;
    for word in ["one", "two"] {
        peer.say(format!("3\r\n{word}\r\n")).await;
        assert_eq!(peer.hear_until(&format!("{word}\r\n")).await, format!("3\r\n{word}\r\n"));
    }
    peer.say("0\r\n\r\n").await;
    assert_eq!(peer.hear_until("\r\n\r\n").await, "0\r\n\r\n");
}

#[tokio::test]
async fn an_unread_body_is_read_past() {
    let mut peer = Peer::new();
    let body = "x".repeat(100_000);
    for _ in 0..2 {
        peer.say(format!(
            "POST /ignore HTTP/1.1\r\nhost: a\r\ncontent-length: 100000\r\n\r\n{body}"
        ))
        .await;
        let answer = peer.hear_until("ignored").await;
        assert!(!answer.contains("connection: close"), "{answer}");
    }
}

/// S33, S51: what breaks off is not ended.
#[tokio::test]
async fn a_stream_that_breaks_off_is_never_whole() {
    let mut peer = Peer::new();
    peer.say("GET /break HTTP/1.1\r\nhost: a\r\n\r\n").await;
    let answer = peer.hear_all().await;
    assert!(!answer.contains("\r\n0\r\n"), "{answer}");
}

#[tokio::test]
async fn large_pieces_of_a_body_of_known_length_are_all_written() {
    let mut peer = Peer::new();
    peer.say("GET /pieces HTTP/1.1\r\nhost: a\r\n\r\n").await;
    peer.hear_until("\r\ncontent-length: 300000\r\n\r\n").await;
    for piece in ["a", "b", "c"] {
        peer.hear_until(&piece.repeat(100_000)).await;
    }
    peer.say("GET /hello HTTP/1.1\r\nhost: a\r\n\r\n").await;
    assert!(peer.hear_until("hello").await.starts_with("HTTP/1.1 200 "));
}

#[tokio::test]
async fn our_client_and_our_server() {
    let mut config = Config::default();
    config.limits.body = 1 << 30;
    let served = Served::with(config).await;
    let client = Client::new(&format!("http://{}", served.address)).unwrap();
    for _ in 0..3 {
        let response = client.call(Request::new(Method::GET, "/hello")).await.unwrap();
        assert_eq!(response.body.collect(100).await.unwrap(), "hello");
        let response = client.call(Request::new(Method::GET, "/large")).await.unwrap();
        assert_eq!(response.body.collect(2_000_000).await.unwrap().len(), 1_000_000);
        let response = client.call(Request::new(Method::GET, "/stream")).await.unwrap();
        assert_eq!(response.body.length(), None);
        assert_eq!(response.body.collect(100).await.unwrap(), "piece piece piece ");
        let large = Request::new(Method::POST, "/echo").with_body(vec![b'y'; 3_000_000]);
        let response = client.call(large).await.unwrap();
        assert_eq!(response.body.collect(4_000_000).await.unwrap().len(), 3_000_000);
    }
    let (inlet, body) = Body::fed(None);
    inlet.give("abc".into());
    inlet.end(None);
    let response =
        client.call(Request::new(Method::POST, "/length").with_body(body)).await.unwrap();
    assert_eq!(response.body.collect(100).await.unwrap(), "Some(3) true 3");
    served.stopped().await;
}
