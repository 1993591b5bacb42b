//! Upgrades: a wire that leaves the pool for another protocol.

use counterpart::client;
use counterpart::http::{HeaderValue, header};
use counterpart::service::FaultKind;
use counterpart::{Request, Service};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::house::*;

fn asking() -> Request {
    get("/")
        .with_field(header::CONNECTION, HeaderValue::from_static("upgrade"))
        .with_field(header::UPGRADE, HeaderValue::from_static("echo"))
}

const SWITCHED: &str = "HTTP/1.1 101 Go\r\nconnection: upgrade\r\nupgrade: echo\r\n\r\nearly";

/// C56: after 101 the wire is the caller's, with what came of the other protocol first; nobody else is given it.
#[tokio::test]
async fn a_wire_leaves_the_pool() {
    let peer = Peer::new().await;
    let pooled = peer.client();
    let (mut line, ()) = tokio::join!(async { peer.answers(HI).await.0 }, hi(&pooled));
    let (response, _) = tokio::join!(pooled.call(asking()), line.answers(SWITCHED));
    let mut wire = client::upgrade(response.unwrap()).unwrap();
    let mut read = [0; 5];
    wire.read_exact(&mut read).await.unwrap();
    assert_eq!(&read, b"early");
    tokio::join!(peer.answers(HI), hi(&pooled));
    wire.write_all(b"ours\r\n\r\n").await.unwrap();
    assert_eq!(line.head().await, "ours\r\n\r\n");
    line.say("over").await;
    drop(line);
    let mut rest = String::new();
    wire.read_to_string(&mut rest).await.unwrap();
    assert_eq!(rest, "over");
}

/// C56: the same of a request that was put together, whose wire is dropped with its answer.
#[tokio::test]
async fn of_an_answer_that_is_owned() {
    let peer = Peer::new().await;
    let client = peer.client();
    for taken in [true, false] {
        let asking = client.get("/").header("connection", "upgrade").header("upgrade", "echo");
        let (answer, (mut line, _)) = tokio::join!(asking.send(), peer.answers(SWITCHED));
        let answer = answer.unwrap();
        assert_eq!(answer.status(), 101);
        if taken {
            drop(answer.upgrade().unwrap());
        } else {
            drop(answer);
        }
        line.is_left().await;
    }
}

/// C56: an answer of HTTP has no wire to give.
#[tokio::test]
async fn not_of_every_answer() {
    let peer = Peer::new().await;
    let pooled = peer.client();
    let (response, (mut line, _)) = tokio::join!(pooled.call(asking()), peer.answers(HI));
    let fault = client::upgrade(response.unwrap()).unwrap_err();
    assert_eq!(fault.kind(), FaultKind::NotUpgraded);
    let (answer, _) = tokio::join!(pooled.get("/").send(), line.answers(HI));
    let fault = answer.unwrap().upgrade().unwrap_err();
    assert_eq!(
        (fault.kind(), fault.url()),
        (FaultKind::NotUpgraded, Some(&*format!("{}/", peer.url())))
    );
}
