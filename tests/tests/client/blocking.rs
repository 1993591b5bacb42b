//! The same dialling for threads that wait.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use counterpart::client::blocking::Connection;
use counterpart::client::{Connector, Origin, is_public};
use counterpart::service::{FaultKind, Phase};

use super::house::*;

async fn connect(connector: Connector, url: String) -> Result<(), counterpart::Fault> {
    let connecting = move || {
        let origin: Origin = url.parse()?;
        let mut connection = Connection::connect_by(&connector, &origin)?;
        assert_eq!(connection.send(get("/"))?.text()?, "hi");
        Ok(())
    };
    tokio::task::spawn_blocking(connecting).await.unwrap()
}

fn finds(addresses: &[SocketAddr]) -> Connector {
    let found = addresses.to_vec();
    Connector::new().resolver(move |_: String, _: u16| {
        let found = found.clone();
        async move {
            // Woken from elsewhere, as any resolver's future is.
            let (done, waiting) = tokio::sync::oneshot::channel();
            std::thread::spawn(move || done.send(found));
            Ok(waiting.await.unwrap())
        }
    })
}

/// C28: one after the other, each with a share of the time.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_after_the_other() {
    let peer = Peer::new().await;
    let mut addresses = vec![nobody().await];
    let silent = silent();
    addresses.extend(silent.as_ref().map(|silent| silent.address));
    addresses.push(peer.address());
    let mut timeouts = counterpart::client::Timeouts::default();
    timeouts.connect = Duration::from_secs(2);
    peer.answers_all();
    let connector = finds(&addresses).timeouts(timeouts);
    let start = Instant::now();
    connect(connector, "http://a.example".into()).await.unwrap();
    assert!(start.elapsed() < timeouts.connect);
}

/// C28, C08: what failed is told of each, and what may not be called is not.
#[tokio::test]
async fn what_fails() {
    let (one, other) = (nobody().await, nobody().await);
    let fault = connect(finds(&[one, other]), "http://a.example".into()).await.unwrap_err();
    assert_eq!(fault.kind(), FaultKind::Connect);
    let said = fault.to_string();
    assert!(said.contains(&one.to_string()) && said.contains(&other.to_string()), "{said}");
    let filtered = finds(&[one]).allow_addresses(is_public);
    let fault = connect(filtered, "http://a.example".into()).await.unwrap_err();
    assert_eq!(fault.kind(), FaultKind::InvalidUrl);
    let slow = patient(|timeouts| timeouts.resolve = Duration::from_millis(50))
        .resolver(|_: String, _: u16| std::future::pending());
    let fault = connect(slow, "http://a.example".into()).await.unwrap_err();
    assert_eq!(fault.kind(), FaultKind::Timeout(Phase::Resolve));
}
