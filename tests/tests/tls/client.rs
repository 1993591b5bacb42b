//! A client by TLS: how answers end, and what becomes of peers that are none.

use std::future::poll_fn;

use bytes::BytesMut;
use counterpart::client::{Connection, Connector, Timeouts};
use counterpart::http::Method;
use counterpart::io::{Tcp, pair};
use counterpart::service::{FaultKind, Phase, TlsProblem};
use counterpart::tls::{ClientTls, ServerTls};
use counterpart::wire::Wire;
use counterpart::{Fault, Request};
use std::time::Duration;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpListener;

use super::house::{accept, end, say, sides};

/// What a client reads of a peer that answers with this by TLS and then closes, with or without a word.
async fn answered(answer: &str, with_a_word: bool) -> Result<String, Fault> {
    let (server, client) = sides();
    let (ours, theirs) = pair(1 << 16);
    let answering = async {
        let mut wire = accept(&server, theirs).await.unwrap();
        let mut asked = BytesMut::with_capacity(4096);
        poll_fn(|cx| wire.poll_read(cx, &mut asked)).await.unwrap();
        say(&mut wire, answer.as_bytes()).await;
        if with_a_word {
            end(&mut wire).await;
        }
    };
    let asking = async {
        let mut connection = Connector::new().over(client.secure(ours, "a.example").await?);
        connection.send(Request::new(Method::GET, "/")).await?.text().await
    };
    tokio::join!(asking, answering).0
}

/// C03: an end that nobody vouches for is no end, and behind a whole answer none is needed.
#[tokio::test]
async fn an_answer_ends_where_it_was_said_to() {
    let to_the_end = "HTTP/1.1 200 OK\r\n\r\nsome";
    assert_eq!(answered(to_the_end, true).await.unwrap(), "some");
    let fault = answered(to_the_end, false).await.unwrap_err();
    assert_eq!(fault.kind(), FaultKind::Incomplete { received: 4, expected: None }, "{fault}");
    for whole in [
        "HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nsome",
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n4\r\nsome\r\n0\r\n\r\n",
    ] {
        assert_eq!(answered(whole, false).await.unwrap(), "some");
        for cut in whole.len() - 6..whole.len() {
            let kind = answered(&whole[..cut], false).await.unwrap_err().kind();
            assert!(matches!(kind, FaultKind::Incomplete { .. }), "{cut}: {kind:?}");
        }
    }
    let kind = answered("HTTP/1.1 200", false).await.unwrap_err().kind();
    assert_eq!(kind, FaultKind::Incomplete { received: 12, expected: None });
    let kind = answered("", false).await.unwrap_err().kind();
    assert_eq!(kind, FaultKind::Disconnected { reused: false });
}

/// What is said of a peer that answers a hello with this, and closes.
async fn of_peer(bytes: &'static [u8]) -> Fault {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("https://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        stream.write_all(bytes).await.unwrap();
        stream.shutdown().await.unwrap();
        let mut unread = BytesMut::new();
        while tokio::io::AsyncReadExt::read_buf(&mut stream, &mut unread).await.is_ok_and(|n| n > 0)
        {
        }
    });
    let connector = Connector::new().tls(ClientTls::new().danger_accept_any_certificate());
    connector.connect(&url).await.map(drop).unwrap_err()
}

/// C33: what peers are that are none.
#[tokio::test]
async fn peers_that_are_none() {
    let fault = of_peer(b"HTTP/1.1 400 Bad Request\r\n\r\n").await;
    assert_eq!(fault.kind(), FaultKind::Tls(TlsProblem::NotTls), "{fault}");
    assert!(fault.to_string().contains("plain http"), "{fault}");
    assert_eq!(of_peer(b"").await.kind(), FaultKind::Tls(TlsProblem::Closed));
    let fault = of_peer(b"\x15\x03\x03\x00\x02\x02\x46").await;
    assert_eq!(fault.kind(), FaultKind::Tls(TlsProblem::NoCommonVersion), "{fault}");
    let fault = of_peer(b"\x15\x03\x03\x00\x02\x02\x70").await;
    assert_eq!(fault.kind(), FaultKind::Tls(TlsProblem::Refused(112)), "{fault}");
    assert!(fault.is_tls());
}

/// C26: a handshake has its own time, however the peer drips.
#[tokio::test]
async fn a_handshake_has_its_time() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("https://{}", listener.local_addr().unwrap());
    let mut timeouts = Timeouts::default();
    timeouts.tls = Duration::from_millis(50);
    let connector = Connector::new().timeouts(timeouts);
    let fault = connector.tls(ClientTls::new().danger_accept_any_certificate()).connect(&url).await;
    let fault = fault.map(drop).unwrap_err();
    assert_eq!(fault.kind(), FaultKind::Timeout(Phase::Tls), "{fault}");
    assert!(fault.is_timeout() && fault.is_connect());
}

/// A session goes over any wire: a socket, by hand.
#[tokio::test]
async fn over_a_wire_by_hand() {
    let authority = super::authority::Authority::new("Tests");
    let pair = authority.issue(&["a.example"]);
    let tls = ServerTls::pem(&pair.certificate, &pair.key).unwrap();
    let served = super::server::serve(&tls, counterpart::server::Config::default()).await;
    let wire = Tcp::connect(served.address).await.unwrap();
    let wire = super::house::client(&authority).secure(wire, "a.example").await.unwrap();
    let mut connection: Connection = Connector::new().over(wire);
    let mut answer = connection.send(Request::new(Method::GET, "/")).await.unwrap();
    assert_eq!(answer.text().await.unwrap(), "TLS 1.3 Some(\"a.example\") 0");
}
