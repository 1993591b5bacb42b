//! Retries: what is made again, when, and how often.

use std::time::Duration;

use counterpart::client::{Client, Connector, Retries};
use counterpart::http::{HeaderValue, Method, StatusCode, header};
use counterpart::service::FaultKind;
use counterpart::{Body, Request, Response, Service};
use tokio::net::TcpListener;
use tokio::time::Instant;

use super::peer::{Peer, ok};

fn status(status: u16) -> Response {
    Response::new(StatusCode::from_u16(status).unwrap())
}

/// A server that answers so, and then well.
async fn failing(times: usize, answer: impl Fn() -> Response + Send + Sync + 'static) -> Peer {
    let seen = std::sync::atomic::AtomicUsize::new(0);
    Peer::new(move |_| {
        let before = seen.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        if before < times { answer() } else { ok("well") }
    })
    .await
}

fn client(peer: &Peer, retries: Retries) -> Client {
    Client::new(&peer.url).unwrap().with_retries(retries)
}

#[tokio::test(start_paused = true)]
async fn what_may_pass_is_tried_again() {
    for code in [408, 429, 502, 503, 504] {
        let peer = failing(2, move || status(code).with_body("not now")).await;
        let mut answer = client(&peer, Retries::up_to(3)).get("/").send().await.unwrap();
        assert_eq!((answer.attempts(), peer.seen().len()), (3, 3), "{code}");
        assert_eq!(answer.text().await.unwrap(), "well");
    }
    let peer = failing(9, || status(503)).await;
    let answer = client(&peer, Retries::up_to(3)).get("/").send().await.unwrap();
    assert_eq!((answer.status().as_u16(), answer.attempts()), (503, 4));
    // Generated clients' calls too.
    let peer = failing(1, || status(503)).await;
    let answer = client(&peer, Retries::up_to(1)).call(Request::new(Method::GET, "/")).await;
    assert_eq!(answer.unwrap().status, 200);
}

#[tokio::test(start_paused = true)]
async fn what_may_do_harm_is_not() {
    let keyed = Connector::new().repeat_keyed(true);
    for (method, key, connector, attempts) in [
        (Method::POST, false, Connector::new(), 1),
        (Method::PATCH, false, Connector::new(), 1),
        (Method::PUT, false, Connector::new(), 2),
        (Method::DELETE, false, Connector::new(), 2),
        (Method::POST, true, Connector::new(), 1),
        (Method::POST, true, keyed.clone(), 2),
        (Method::POST, false, keyed, 1),
    ] {
        let peer = failing(1, || status(503)).await;
        let client = client(&peer, Retries::up_to(1)).with_connector(connector);
        let mut sending = client.request(method.clone(), "/").text("content");
        if key {
            sending = sending.header("idempotency-key", "7");
        }
        assert_eq!(sending.send().await.unwrap().attempts(), attempts, "{method}, {key}");
        assert!(peer.seen().iter().all(|seen| seen.body == "content"));
    }
    let peer = failing(1, || status(503)).await;
    let stream = Body::from_reader(&b"once"[..]);
    let sending = client(&peer, Retries::up_to(1)).put("/").body(stream);
    assert_eq!(sending.send().await.unwrap().attempts(), 1);
    for code in [400, 401, 404, 409, 500, 501] {
        let peer = failing(1, move || status(code)).await;
        let answer = client(&peer, Retries::up_to(1)).get("/").send().await.unwrap();
        assert_eq!(answer.attempts(), 1, "{code}");
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_told_is_waited_for() {
    let told = |value: &'static str| {
        move || status(503).with_field(header::RETRY_AFTER, HeaderValue::from_static(value))
    };
    let peer = failing(1, told("7")).await;
    let begin = Instant::now();
    client(&peer, Retries::up_to(1)).get("/").send().await.unwrap();
    assert_eq!(begin.elapsed().as_secs(), 7);
    // Longer than anybody waits, and longer than this call may take.
    for (value, limit) in [("61", 1000), ("30", 20)] {
        let peer = failing(1, told(value)).await;
        let limit = Duration::from_secs(limit);
        let sending = client(&peer, Retries::up_to(1)).get("/").timeout(limit);
        assert_eq!(sending.send().await.unwrap().status(), 503);
    }
    let peer = failing(1, told("61")).await;
    let retries = Retries::up_to(1).longest_told(Duration::from_secs(100));
    assert_eq!(client(&peer, retries).get("/").send().await.unwrap().status(), 200);
}

#[tokio::test(start_paused = true)]
async fn a_server_that_is_down_is_not_called_much_more() {
    let peer = failing(usize::MAX, || status(503)).await;
    let client = client(&peer, Retries::up_to(3));
    for _ in 0..100 {
        client.get("/").send().await.unwrap();
    }
    // Ten in advance, and a fifth of those calls that found room for their share.
    assert_eq!(peer.seen().len(), 100 + 10 + 19);
}

#[tokio::test(start_paused = true)]
async fn what_found_no_connection_is_tried_again_whatever_it_is() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let retries = Retries::up_to(2).backoff(Duration::from_secs(1), Duration::from_secs(1));
    let client = Client::new(&url).unwrap().with_retries(retries);
    let begin = Instant::now();
    let fault = client.post("/").text("x").send().await.unwrap_err();
    assert_eq!(fault.kind(), FaultKind::Connect);
    assert!(begin.elapsed() > Duration::ZERO && begin.elapsed() <= Duration::from_secs(2));
}
