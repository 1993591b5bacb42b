//! Routes that are detached: what they have begun they finish, whoever is still there.

use std::sync::Arc;

use counterpart::prelude::*;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tokio::sync::Notify;

/// What the test and its handlers tell each other.
#[derive(State, Default)]
struct Stage {
    begun: Notify,
    go_on: Notify,
    finished: Notify,
    given_up: Arc<Notify>,
}

struct OnDrop(Arc<Notify>);

impl Drop for OnDrop {
    fn drop(&mut self) {
        self.0.notify_one();
    }
}

/// Works until it may go on.
async fn work(stage: &Stage) {
    let dropped = OnDrop(stage.given_up.clone());
    stage.begun.notify_one();
    stage.go_on.notified().await;
    stage.finished.notify_one();
    std::mem::forget(dropped);
}

#[get("/detached", detach)]
async fn get_it(stage: &Stage) {
    work(stage).await;
}

#[post("/detached", detach, body_limit = "1 KiB")]
async fn post_it(amount: u64, stage: &Stage) -> Result<u64, Problem> {
    work(stage).await;
    Ok(amount)
}

#[route(PURGE, "/detached", detach)]
fn purge_it(stage: &Stage) -> impl Future<Output = ()> + Send {
    work(stage)
}

#[get("/attached")]
async fn attached(stage: &Stage) {
    work(stage).await;
}

api!(Works: get_it, post_it, purge_it, attached);

/// Asks, waits until the handler has begun, and resets the connection.
async fn ask_and_reset(address: std::net::SocketAddr, request: &str, stage: &Stage) {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let (line, rest) = request.split_once("; ").unwrap_or((request, ""));
    let head = format!("{line} HTTP/1.1\r\nhost: a\r\n{rest}\r\n");
    stream.write_all(head.as_bytes()).await.unwrap();
    if !rest.is_empty() {
        stream.write_all(b"7").await.unwrap();
    }
    stage.begun.notified().await;
    stream.set_zero_linger().unwrap();
}

/// T29: the handler of a peer that is gone is given up, unless its route says `detach`.
#[counterpart::test]
async fn a_detached_route_runs_to_its_end() {
    let stage = Arc::new(Stage::default());
    let bound = App::new().shared(stage.clone()).mount(Works).bind("127.0.0.1:0").await.unwrap();
    let address = bound.addr();
    let resets = async {
        for request in [
            "GET /detached",
            "POST /detached; content-type: application/json\r\ncontent-length: 1\r\n",
            "PURGE /detached",
        ] {
            ask_and_reset(address, request, &stage).await;
            // Resets are noticed in their order: that of the other says that this one has been.
            ask_and_reset(address, "GET /attached", &stage).await;
            stage.given_up.notified().await;
            stage.go_on.notify_one();
            stage.finished.notified().await;
        }
    };
    bound.serve_until(resets).await.unwrap();
}
