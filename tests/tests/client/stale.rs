//! Connections that the server closed while they were kept: which calls are made once more.

use counterpart::Request;
use counterpart::body::Body;
use counterpart::client::{Client, Connector};
use counterpart::http::{HeaderName, HeaderValue, Method, header};
use counterpart::service::FaultKind;

use super::house::*;

/// A connection that is kept.
async fn kept(peer: &Peer, client: &Client) -> Line {
    tokio::join!(async { peer.answers(HI).await.0 }, hi(client)).0
}

/// Makes a call on a connection that is closed as it arrives, and gives what came of it.
async fn stale(connector: Connector, request: Request) -> Result<String, FaultKind> {
    let peer = Peer::new().await;
    let client = peer.client_by(connector);
    let mut line = kept(&peer, &client).await;
    let calling = call(&client, request);
    line.head().await;
    drop(line);
    let outcome = tokio::select! {
        outcome = calling => outcome.unwrap().map_err(|fault| fault.kind()),
        () = async {
            let mut line = peer.accept().await;
            line.head().await;
            line.say(HI).await;
            std::future::pending().await
        } => unreachable!(),
    };
    outcome
}

fn request(method: Method, body: Option<&'static str>) -> Request {
    let request = Request::new(method, "/");
    match body {
        Some(body) => request.with_body(body),
        None => request,
    }
}

const CLOSED: Result<String, FaultKind> = Err(FaultKind::Disconnected { reused: true });

/// C36, C04: what may be sent twice is; what may not is not.
#[tokio::test]
async fn what_is_sent_again() {
    for method in [Method::GET, Method::PUT, Method::DELETE, Method::OPTIONS] {
        let made = stale(Connector::new(), request(method.clone(), None)).await;
        assert_eq!(made.as_deref(), Ok("hi"), "{method}");
    }
    let body = Some("content");
    assert_eq!(stale(Connector::new(), request(Method::PUT, body)).await.as_deref(), Ok("hi"));
    for method in [Method::POST, Method::PATCH] {
        assert_eq!(
            stale(Connector::new(), request(method.clone(), body)).await,
            CLOSED,
            "{method}"
        );
        assert_eq!(
            stale(Connector::new(), request(method.clone(), None)).await,
            CLOSED,
            "{method}"
        );
    }
}

/// C04: a key makes a POST one that may be sent twice, if the program says that the server heeds it.
#[tokio::test]
async fn a_key_is_opted_in_to() {
    let key = (HeaderName::from_static("idempotency-key"), HeaderValue::from_static("1"));
    let keyed = || request(Method::POST, Some("content")).with_field(key.0.clone(), key.1.clone());
    let post = || request(Method::POST, Some("content"));
    let opted = || Connector::new().repeat_keyed(true);
    assert_eq!(stale(Connector::new(), keyed()).await, CLOSED);
    assert_eq!(stale(opted(), post()).await, CLOSED);
    assert_eq!(stale(opted(), keyed()).await.as_deref(), Ok("hi"));
}

/// C04: content that comes from elsewhere is sent again if nothing of it was taken, and else not.
#[tokio::test]
async fn content_from_elsewhere() {
    let (inlet, body) = Body::fed(Some(2));
    inlet.give("hi".into());
    let drawn = Request::new(Method::PUT, "/").with_body(body);
    assert_eq!(stale(Connector::new(), drawn).await, CLOSED);

    let (_inlet, body) = Body::fed(Some(2));
    let held = Request::new(Method::PUT, "/")
        .with_field(header::EXPECT, HeaderValue::from_static("100-continue"))
        .with_body(body);
    assert_eq!(stale(Connector::new(), held).await.as_deref(), Ok("hi"));
}

/// C36: a call on a connection whose end has been seen already goes over another, whatever its method.
#[tokio::test]
async fn an_end_that_was_seen() {
    let peer = Peer::new().await;
    let client = peer.client();
    let mut line = kept(&peer, &client).await;
    // The client closes nothing before it looks, so half of it is enough.
    line.half_close().await;
    tokio::task::yield_now().await;
    let calling = call(&client, request(Method::POST, None));
    peer.answers(HI).await;
    assert_eq!(calling.await.unwrap().unwrap(), "hi");
}

/// Closes each connection at the end of a request's head, and gives how many there were when the call has failed.
async fn closes_all(client: Client, peer: &Peer, request: Request) -> (usize, FaultKind) {
    let calling = call(&client, request);
    let mut calls = 0;
    let closing = async {
        loop {
            peer.accept().await.head().await;
            calls += 1;
        }
    };
    let fault = tokio::select! {
        outcome = calling => outcome.unwrap().unwrap_err(),
        () = closing => unreachable!(),
    };
    (calls, fault.kind())
}

/// C36: a new connection that is closed without a word is replaced too, if the request may be sent twice; but a peer that
/// closes each of them is not called many times as often.
#[tokio::test(start_paused = true)]
async fn a_peer_that_closes_every_connection() {
    const SILENT: FaultKind = FaultKind::Disconnected { reused: false };
    let peer = Peer::new().await;
    let client = peer.client();
    let post = request(Method::POST, Some("content"));
    assert_eq!(closes_all(client.clone(), &peer, post).await, (1, SILENT));
    assert_eq!(closes_all(client.clone(), &peer, get("/")).await, (6, SILENT));
    let mut calls = 0;
    for _ in 0..100 {
        let (more, kind) = closes_all(client.clone(), &peer, get("/")).await;
        assert_eq!(kind, SILENT);
        calls += more;
    }
    // Once each, once more each, then one for five, and what is left of the ten in advance.
    assert!((220..=230).contains(&calls), "{calls}");
}
