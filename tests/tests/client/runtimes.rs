//! One client on several runtimes: sockets belong to the runtime they were opened on.

use counterpart::client::Client;
use tokio::runtime::{Builder, Runtime};

use super::house::*;

fn runtime() -> Runtime {
    Builder::new_current_thread().enable_all().build().unwrap()
}

/// Makes a call on a runtime of its own, which is over then.
fn call_elsewhere(client: &Client, peer: &Peer) -> (Runtime, Line) {
    std::thread::scope(|scope| {
        let called = scope.spawn(|| {
            let runtime = runtime();
            runtime.block_on(hi(client));
            runtime
        });
        let line = tokio::task::block_in_place(|| {
            tokio::runtime::Handle::current().block_on(peer.answers(HI)).0
        });
        (called.join().unwrap(), line)
    })
}

/// C62: a runtime uses connections of its own alone, and leaves none behind when it ends.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_runtime_has_its_own() {
    let peer = Peer::new().await;
    let client = peer.client();
    let (elsewhere, mut line) = call_elsewhere(&client, &peer);
    tokio::join!(peer.answers(HI), hi(&client));
    elsewhere.shutdown_background();
    line.is_left().await;
}

/// C62: places are counted over all runtimes, so that what rests on one is closed for a call on another.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn places_are_counted_over_all() {
    let peer = Peer::new().await;
    let client = peer.client_by(pooled(|pooling| pooling.per_origin = Some(1)));
    let (elsewhere, mut line) = call_elsewhere(&client, &peer);
    let calling = call(&client, get("/"));
    line.is_left().await;
    peer.answers(HI).await;
    assert_eq!(calling.await.unwrap().unwrap(), "hi");
    elsewhere.shutdown_background();
}
