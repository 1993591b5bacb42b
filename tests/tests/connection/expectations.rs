//! `Expect: 100-continue`: content that waits for a go-ahead (RFC 9110 §10.1.1).

use std::time::Duration;

use counterpart::client::{Client, Connector, Length};
use counterpart::http::StatusCode;
use counterpart::service::FaultKind;
use counterpart::{Request, Service};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::time::Instant;

use super::house::*;

const GO: &str = "HTTP/1.1 100 Continue\r\n\r\n";
const NO: &str = "HTTP/1.1 417 Expectation Failed\r\ncontent-length: 0\r\n\r\n";

fn waiting(body: &'static str) -> Request {
    with(post(body), "expect", "100-continue")
}

/// The content waits for a 100, and for no other interim answer.
#[tokio::test(start_paused = true)]
async fn a_go_ahead() {
    let (mut connection, mut peer) = talk();
    let start = Instant::now();
    let script = async {
        let head = peer.head().await;
        assert!(head.contains("\r\nexpect: 100-continue\r\n"), "{head}");
        peer.say("HTTP/1.1 103 Early Hints\r\n\r\n").await;
        tokio::time::sleep(Duration::from_millis(500)).await;
        assert_eq!(start.elapsed(), Duration::from_millis(500));
        peer.say(GO).await;
        assert_eq!(peer.hear(99).await, "content");
        peer.say(HI).await;
    };
    let (answer, ()) = tokio::join!(connection.send(waiting("content")), script);
    assert_eq!(answer.unwrap().text().await.unwrap(), "hi");
    assert!(connection.is_open());
    assert_eq!(start.elapsed(), Duration::from_millis(500));
}

/// Nobody waits for longer than a second: many servers know of no such thing.
#[tokio::test(start_paused = true)]
async fn no_go_ahead() {
    let (mut connection, mut peer) = talk();
    let start = Instant::now();
    let script = async {
        peer.head().await;
        assert_eq!(peer.hear(99).await, "content");
        assert_eq!(start.elapsed().as_secs(), 1);
        peer.say(HI).await;
    };
    let (answer, ()) = tokio::join!(connection.send(waiting("content")), script);
    assert_eq!(answer.unwrap().status(), StatusCode::OK);
}

/// An answer instead is the answer, the content is not sent, and the connection not used again.
#[tokio::test]
async fn an_answer_instead() {
    let (mut connection, mut peer) = talk();
    let (_, answer) = ask(&mut connection, &mut peer, waiting("content"), NO).await;
    let mut answer = answer.unwrap();
    assert_eq!(answer.status(), StatusCode::EXPECTATION_FAILED);
    assert!(!answer.is_reusable());
    answer.text().await.unwrap();
    assert!(!connection.is_open() && peer.is_left().await);
}

/// What has no content waits for nothing, and must not say that it does.
#[tokio::test]
async fn nothing_to_wait_for() {
    let (mut connection, _peer) = talk();
    let fault = connection.send(waiting("")).await.unwrap_err();
    assert_eq!(fault.kind(), FaultKind::InvalidRequest);
    assert!(fault.to_string().contains("`Expect`"), "{fault}");
}

/// Content that is written by hand waits too, and hears the refusal.
#[tokio::test]
async fn by_hand() {
    for (word, heard) in [(GO, true), (NO, false)] {
        let (mut connection, mut peer) = talk();
        let talking = async {
            let mut writer = connection.start(waiting(""), Length::Unknown).await.unwrap();
            let written = writer.write("content").await;
            assert_eq!(written.is_ok(), heard);
            writer.finish().await.unwrap().status()
        };
        let script = async {
            peer.head().await;
            peer.say(word).await;
            if heard {
                assert_eq!(peer.hear_until("0\r\n\r\n").await, "7\r\ncontent\r\n0\r\n\r\n");
                peer.say(HI).await;
            }
        };
        let (status, ()) = tokio::join!(talking, script);
        assert_eq!(status.is_success(), heard);
    }
}

/// The client that keeps connections waits as well.
#[tokio::test]
async fn in_a_pool() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let client = Client::new(&format!("http://{}", listener.local_addr().unwrap())).unwrap();
    for (word, status) in [(GO, 200), (NO, 417)] {
        let call = client.call(waiting("content"));
        let script = async {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut heard = Vec::new();
            while !heard.ends_with(b"\r\n\r\n") {
                heard.push(stream.read_u8().await.unwrap());
            }
            stream.write_all(word.as_bytes()).await.unwrap();
            let mut content = [0; 7];
            match status {
                200 => {
                    stream.read_exact(&mut content).await.unwrap();
                    let close = HI.replace("content", "connection: close\r\ncontent");
                    stream.write_all(close.as_bytes()).await.unwrap();
                }
                _ => assert_eq!(stream.read(&mut content).await.unwrap(), 0),
            }
        };
        let (answer, ()) = tokio::join!(call, script);
        assert_eq!(answer.unwrap().status, status);
    }
    // A connector has its own patience.
    let mut timeouts = counterpart::client::Timeouts::default();
    timeouts.expect = Duration::ZERO;
    let (mut connection, mut peer) = talk_by(&Connector::new().timeouts(timeouts));
    let (answer, ()) = tokio::join!(connection.send(waiting("content")), async {
        peer.hear_until("content").await;
        peer.say(HI).await;
    });
    answer.unwrap();
}
