//! Phases: each step to an answer has its own time, and the call one for all.

use std::time::Duration;

use counterpart::client::{Client, Connector};
use counterpart::service::{Deadline, FaultKind, Phase};
use counterpart::{Request, Service};
use tokio::time::{Instant, pause};

use super::house::*;

/// Makes a call that must not end before its time, and says what was waited for, and for how many seconds.
async fn late(client: &Client, request: Request) -> (Phase, u64) {
    let start = Instant::now();
    let fault = client.call(request).await.unwrap_err();
    assert!(fault.is_timeout(), "{fault}");
    let FaultKind::Timeout(phase) = fault.kind() else { unreachable!() };
    (phase, start.elapsed().as_secs())
}

fn hurried() -> Request {
    let mut request = get("/");
    request.extensions.insert(Deadline(Duration::from_secs(3)));
    request
}

fn client(connector: Connector) -> Client {
    Client::new("http://a.example").unwrap().with_connector(connector)
}

/// C26: a name that is looked up for too long.
#[tokio::test(start_paused = true)]
async fn resolving() {
    let connector = patient(|timeouts| timeouts.resolve = Duration::from_secs(5));
    let client = client(connector.resolver(|_: String, _: u16| std::future::pending()));
    assert_eq!(late(&client, get("/")).await, (Phase::Resolve, 5));
    assert_eq!(late(&client, hurried()).await, (Phase::Total, 3));
}

/// C26: a connection that does not come about, whatever its addresses.
#[tokio::test]
async fn connecting() {
    let Some(silent) = silent() else { return };
    let found = vec![silent.address, nobody().await, silent.address];
    let connector = patient(|timeouts| timeouts.connect = Duration::from_secs(5));
    let client = client(connector.resolver(move |_: String, _: u16| {
        let found = found.clone();
        std::future::ready(Ok(found))
    }));
    pause();
    assert_eq!(late(&client, get("/")).await, (Phase::Connect, 5));
    assert_eq!(late(&client, hurried()).await, (Phase::Total, 3));
    let said = client.call(get("/")).await.unwrap_err().to_string();
    assert!(said.contains(&format!("{}: no answer", silent.address)), "{said}");
    assert!(said.contains("refused"), "{said}");
}

/// C26: the time of a call goes on over a connection that was stale and the one in its place.
#[tokio::test]
async fn a_second_connection_has_what_is_left() {
    let peer = Peer::new().await;
    let client = peer.client();
    let (mut line, ()) = tokio::join!(async { peer.answers(HI).await.0 }, hi(&client));
    pause();
    let (outcome, _line) = tokio::join!(late(&client, hurried()), async {
        line.head().await;
        tokio::time::sleep(Duration::from_secs(2)).await;
        drop(line);
        let mut line = peer.accept().await;
        line.head().await;
        line
    });
    assert_eq!(outcome, (Phase::Total, 3));
}
