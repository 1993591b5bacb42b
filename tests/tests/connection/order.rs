//! Request after request on one connection, and when there is no next one.

use counterpart::client::{Client, Connection, Connector, Length};
use counterpart::service::FaultKind;

use super::house::*;

const fn is_shared<T: Send + Sync + Clone>() {}
const fn is_sent<T: Send>() {}

/// C62: a connection is one, a client is shared.
#[tokio::test]
async fn many_requests_on_one() {
    is_shared::<Client>();
    is_sent::<Connection>();
    let (mut connection, mut peer) = talk();
    for _ in 0..3 {
        let mut answer = got(&mut connection, &mut peer, HI).await;
        assert!(answer.is_reusable());
        assert_eq!(answer.text().await.unwrap(), "hi");
        assert!(answer.is_reusable());
    }
    assert!(connection.is_open());
}

/// C23: what is left of an unread answer is read away before the next request.
#[tokio::test]
async fn an_answer_that_nobody_read() {
    let (mut connection, mut peer) = talk();
    let long = format!("HTTP/1.1 200 OK\r\ncontent-length: 60000\r\n\r\n{}", "x".repeat(60_000));
    for _ in 0..3 {
        drop(got(&mut connection, &mut peer, &long).await);
    }
    let mut answer = got(&mut connection, &mut peer, HI).await;
    assert_eq!(answer.text().await.unwrap(), "hi");
}

/// C21: a connection on which too much was left unread is closed, and says so.
#[tokio::test]
async fn too_much_unread() {
    let (mut connection, mut peer) = talk();
    let long = format!("HTTP/1.1 200 OK\r\ncontent-length: 70000\r\n\r\n{}", "x".repeat(70_000));
    drop(got(&mut connection, &mut peer, &long).await);
    let fault = connection.send(get("/")).await.unwrap_err();
    assert_eq!(fault.kind(), FaultKind::NotConnected);
    assert!(fault.is_connect() && fault.to_string().contains("connect anew"));
    assert!(!connection.is_open() && peer.is_left().await);
}

/// C21: a peer that closed meanwhile, or spoke unasked, is not asked again.
#[tokio::test]
async fn a_connection_that_ended_between_two_requests() {
    let (mut connection, mut peer) = talk();
    got(&mut connection, &mut peer, HI).await.text().await.unwrap();
    drop(peer);
    assert_eq!(connection.send(get("/")).await.unwrap_err().kind(), FaultKind::NotConnected);

    let (mut connection, mut peer) = talk();
    got(&mut connection, &mut peer, HI).await.text().await.unwrap();
    peer.say("HTTP/1.1 408 Request Timeout\r\ncontent-length: 0\r\n\r\n").await;
    assert_eq!(connection.send(get("/")).await.unwrap_err().kind(), FaultKind::NotConnected);
}

/// C31: to close twice is to close once.
#[tokio::test]
async fn closing() {
    let (mut connection, mut peer) = talk();
    connection.close();
    connection.close();
    assert!(!connection.is_open() && peer.is_left().await);
    assert_eq!(connection.send(get("/")).await.unwrap_err().kind(), FaultKind::NotConnected);
}

/// C50, C51: whether the connection is kept is told, and kept to.
#[tokio::test]
async fn who_closes() {
    for (answer, kept) in [
        ("HTTP/1.1 204 No Content\r\n\r\n", true),
        ("HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n", false),
        ("HTTP/1.1 204 No Content\r\nconnection: a, CLOSE ,b\r\n\r\n", false),
        ("HTTP/1.1 204 No Content\r\nconnection: a\r\nconnection: close\r\n\r\n", false),
        ("HTTP/1.1 204 No Content\r\nconnection: closed\r\n\r\n", true),
        ("HTTP/1.0 204 No Content\r\n\r\n", false),
        ("HTTP/1.0 204 No Content\r\nconnection: keep-alive\r\n\r\n", true),
    ] {
        let (mut connection, mut peer) = talk();
        let mut got = got(&mut connection, &mut peer, answer).await;
        assert_eq!(got.is_reusable(), kept, "{answer}");
        assert_eq!(got.text().await.unwrap(), "");
        assert_eq!(connection.is_open(), kept, "{answer}");
    }
}

/// C53: bytes behind an answer are no part of it, nor the beginning of another.
#[tokio::test]
async fn surplus() {
    let (mut connection, mut peer) = talk();
    let mut answer = got(&mut connection, &mut peer, format!("{HI}{HI}")).await;
    assert_eq!(answer.text().await.unwrap(), "hi");
    assert!(!answer.is_reusable() && !connection.is_open());
}

/// A call that was given up leaves nothing behind that another could take for its own.
#[tokio::test]
async fn a_call_that_was_given_up() {
    let (mut connection, mut peer) = talk();
    let (_, _) = tokio::join!(
        tokio::time::timeout(std::time::Duration::from_millis(1), connection.send(get("/"))),
        peer.head()
    );
    assert_eq!(connection.send(get("/")).await.unwrap_err().kind(), FaultKind::NotConnected);
    let (mut connection, mut peer) = talk();
    drop(connection.start(post(""), Length::Known(9)).await.unwrap());
    assert!(!connection.is_open() && peer.is_left().await);
}

/// C51: a failed answer closes the connection, as it leaves nobody knows what.
#[tokio::test]
async fn a_fault_closes() {
    let (mut connection, mut peer) = talk_by(&Connector::new());
    let (_, answered) = ask(&mut connection, &mut peer, get("/"), "nonsense\r\n\r\n").await;
    assert_eq!(answered.unwrap_err().kind(), FaultKind::Malformed);
    assert!(!connection.is_open() && peer.is_left().await);
}
