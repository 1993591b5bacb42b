//! Layers of `tower` around a client.

use std::time::Duration;

use counterpart::client::{Client, Redirects};
use counterpart::http::{HeaderName, HeaderValue, Method, Request as TowerRequest};
use counterpart::service::{FaultKind, Phase};
use counterpart::{Body, Request, Service};
use tokio::net::TcpListener;
use tower::limit::GlobalConcurrencyLimitLayer;
use tower::timeout::TimeoutLayer;
use tower::util::MapRequestLayer;
use tower_http::set_header::SetRequestHeaderLayer;

use super::peer::{Peer, ok, to};

#[tokio::test]
async fn a_layer_sees_each_call_once() {
    let peer = Peer::new(|seen| if seen.line == "GET /" { to(302, "/end") } else { ok("") }).await;
    let name = HeaderName::from_static("x-layer");
    let add =
        |value| SetRequestHeaderLayer::appending(name.clone(), HeaderValue::from_static(value));
    // What is added first is outermost, and what is set later holds as well.
    let client = Client::new(&peer.url).unwrap().with_layer(add("outer")).with_layer(add("inner"));
    let client = client.with_layer(GlobalConcurrencyLimitLayer::new(1));
    let client = client.with_bearer("t").unwrap();
    let answer = client.get("/").send().await.unwrap();
    assert!(answer.url().ends_with("/end"));
    assert_eq!(answer.history().len(), 1);
    assert_eq!(peer.seen().len(), 2);
    assert_eq!(peer.last().fields.get_joined("x-layer").unwrap(), "outer, inner");
    assert_eq!(peer.last().fields.get_str("authorization"), Some("Bearer t"));
    // Generated clients' calls go through them as well.
    let client = client.with_redirects(Redirects::none());
    assert_eq!(client.call(Request::new(Method::GET, "/")).await.unwrap().status, 302);
    assert_eq!(peer.last().fields.get_joined("x-layer").unwrap(), "outer, inner");
}

#[tokio::test(start_paused = true)]
async fn a_fault_of_a_layer_is_a_fault() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let client = Client::new(&format!("http://{}", listener.local_addr().unwrap())).unwrap();
    let late = client.clone().with_layer(TimeoutLayer::new(Duration::from_secs(1)));
    let fault = late.get("/").send().await.unwrap_err();
    assert_eq!(fault.kind(), FaultKind::Timeout(Phase::Total));
    drop(listener);
    let plain = client.with_layer(MapRequestLayer::new(|request: TowerRequest<Body>| request));
    assert_eq!(plain.get("/").send().await.unwrap_err().kind(), FaultKind::Connect);
}
