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

/// C36: a new connection that is closed without a word is a fault, whatever the method.
#[tokio::test]
async fn a_new_connection_is_not_replaced() {
    let peer = Peer::new().await;
    let calling = call(&peer.client(), get("/"));
    peer.accept().await.head().await;
    let fault = calling.await.unwrap().unwrap_err();
    assert_eq!(fault.kind(), FaultKind::Disconnected { reused: false });
}
