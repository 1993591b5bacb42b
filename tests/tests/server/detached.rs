//! Calls that are detached: they come to their end though the peer has left.

use counterpart::body::BodyErrorKind;
use counterpart::prelude::*;
use counterpart::server::Config;
use counterpart::service::detached;
use tokio::sync::Notify;
use tokio::time::timeout;

use super::gone::Line;
use super::house::Peer;

const HELLO: &str = "GET /hello HTTP/1.1\r\nhost: a\r\n\r\n";
const DETACHED: &str = "GET /detached HTTP/1.1\r\nhost: a\r\n\r\n";
const UPLOAD: &str = "POST /detached HTTP/1.1\r\nhost: a\r\ncontent-length: 9\r\n\r\nhalf";

/// T29: what is detached goes on after the end of a peer, with a body that says why it does not.
#[tokio::test]
async fn a_detached_call_ends_though_its_peer_ended_within_the_body() {
    let mut peer = Peer::new();
    peer.say(UPLOAD).await;
    peer.service.held.notified().await;
    peer.end().await;
    // Our half is ended as soon as theirs is missed.
    assert_eq!(peer.hear_all().await, "");
    peer.service.release.notify_one();
    peer.service.held.notified().await;
    let finished = peer.service.finished.lock().unwrap().take();
    assert_eq!(finished, Some(Err(BodyErrorKind::Disconnected)));
    peer.gone().await;
}

/// T29: the same after a reset.
#[tokio::test]
async fn a_detached_call_ends_though_its_peer_was_reset() {
    let line = Line::held(DETACHED).await;
    line.stream.set_zero_linger().unwrap();
    drop(line.stream);
    let dropped = timeout(Duration::from_millis(100), line.service.dropped.notified());
    dropped.await.expect_err("it was detached");
    line.service.release.notify_one();
    line.service.held.notified().await;
    assert!(line.service.finished.lock().unwrap().as_ref().unwrap().is_ok());
    std::future::poll_fn(|cx| line.house.crowd.poll_fewer(1, cx)).await;
}

/// T29: the same after a write that failed.
#[tokio::test]
async fn a_detached_call_ends_though_its_peer_takes_nothing() {
    let Peer { wire, service, house, .. } = {
        let mut peer = Peer::with(Config::default(), 1024);
        peer.say(HELLO.repeat(15) + DETACHED).await;
        peer.service.held.notified().await;
        peer
    };
    drop(wire);
    service.release.notify_one();
    service.held.notified().await;
    assert!(service.finished.lock().unwrap().as_ref().unwrap().is_ok());
    std::future::poll_fn(|cx| house.crowd.poll_fewer(1, cx)).await;
}

/// T72, T73: a server that stops waits for it, until it does not wait any more.
#[tokio::test]
async fn a_detached_call_is_waited_for_and_cut_at_the_deadline() {
    let mut peer = Peer::new();
    peer.say(UPLOAD).await;
    peer.service.held.notified().await;
    peer.end().await;
    assert_eq!(peer.hear_all().await, "");
    peer.house.crowd.stop();
    tokio::task::yield_now().await;
    assert_eq!(peer.house.crowd.count(), 1);
    peer.house.crowd.cut();
    peer.service.dropped.notified().await;
    peer.gone().await;
}

static BEGUN: Notify = Notify::const_new();
static GO: Notify = Notify::const_new();
static ENDED: Notify = Notify::const_new();

async fn inside(_: Request) {
    let work = async {
        BEGUN.notify_one();
        GO.notified().await;
    };
    detached(work).await;
}

async fn layer(request: Request, next: Next) -> Response {
    let response = next.run(request).await;
    tokio::task::yield_now().await;
    ENDED.notify_one();
    response
}

#[tokio::test]
async fn a_detached_call_keeps_the_layers_around_it() {
    let app = App::new().fallback(inside).around(layer);
    let mut peer = Peer::of(app.assemble().unwrap());
    peer.say(UPLOAD).await;
    BEGUN.notified().await;
    peer.end().await;
    assert_eq!(peer.hear_all().await, "");
    GO.notify_one();
    ENDED.notified().await;
}
