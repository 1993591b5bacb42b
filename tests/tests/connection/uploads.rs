//! Content that is streamed, and content that is written by hand.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use counterpart::Body;
use counterpart::client::{Connector, Length};
use counterpart::http::{HeaderMap, HeaderValue, StatusCode};
use counterpart::service::{FaultKind, Phase};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::house::*;

const SHORT: &str = "HTTP/1.1 413 No\r\ncontent-length: 2\r\n\r\nno";

/// C15: pieces of unknown length travel as chunks, empty ones not at all, and trailers behind them.
#[tokio::test]
async fn chunks() {
    let (mut connection, mut peer) = talk();
    let talking = async {
        let mut writer = connection.start(post(""), Length::Unknown).await.unwrap();
        writer.write("seven b").await.unwrap();
        writer.write("").await.unwrap();
        writer.write_all(b"and twenty more bytes").await.unwrap();
        let mut trailers = HeaderMap::new();
        trailers.insert("x-sum", HeaderValue::from_static("1"));
        writer.finish_with(trailers).await.unwrap().status()
    };
    let script = async {
        let head = peer.head().await;
        assert!(head.contains("transfer-encoding: chunked"), "{head}");
        let heard = peer.hear_until("1\r\n\r\n").await;
        assert_eq!(
            heard.to_ascii_lowercase(),
            "7\r\nseven b\r\n15\r\nand twenty more bytes\r\n0\r\nx-sum: 1\r\n\r\n"
        );
        peer.say(HI).await;
    };
    assert_eq!(tokio::join!(talking, script).0, StatusCode::OK);
    assert!(connection.is_open());
}

/// C15: no pieces at all are the last chunk alone.
#[tokio::test]
async fn no_chunks() {
    let (mut connection, mut peer) = talk();
    let talking = async {
        let writer = connection.start(post(""), Length::Unknown).await.unwrap();
        writer.finish().await.unwrap().status()
    };
    let script = async {
        peer.head().await;
        assert_eq!(peer.hear_until("\r\n\r\n").await, "0\r\n\r\n");
        peer.say(HI).await;
    };
    tokio::join!(talking, script);
}

/// C14: a length that was declared is kept to, or the connection is closed.
#[tokio::test]
async fn declared_lengths() {
    for (pieces, kept) in [(&["ab", "c"][..], true), (&["ab"], false), (&["ab", "cd"], false)] {
        let (mut connection, mut peer) = talk();
        let talking = async {
            let mut writer = connection.start(post(""), Length::Known(3)).await?;
            for piece in pieces {
                writer.write(*piece).await?;
            }
            writer.finish().await.map(|answer| answer.status())
        };
        let script = async {
            let head = peer.head().await;
            assert!(head.contains("\r\ncontent-length: 3\r\n"), "{head}");
            if kept {
                peer.hear_until("abc").await;
                peer.say(HI).await;
            }
        };
        let (status, ()) = tokio::join!(talking, script);
        match kept {
            true => assert_eq!(status.unwrap(), StatusCode::OK),
            false => assert_eq!(status.unwrap_err().kind(), FaultKind::Content),
        }
        assert_eq!(connection.is_open(), kept);
    }
}

/// C14: a stream that gives less than it said is a fault of ours, and the peer never takes it for whole.
#[tokio::test]
async fn a_stream_that_lies() {
    let (mut connection, mut peer) = talk();
    let (inlet, body) = Body::fed(Some(9));
    inlet.give("half".into());
    drop(inlet);
    let fault = connection.send(post(body)).await.unwrap_err();
    assert_eq!(fault.kind(), FaultKind::Content);
    assert!(!connection.is_open() && !peer.hear(1 << 20).await.contains("half"));
}

/// C29: an answer that came before the peer went is read, though writing failed.
#[tokio::test]
async fn an_early_answer() {
    let (mut connection, mut peer) = talk_through(&Connector::new(), 4096);
    let talking = async {
        let mut writer = connection.start(post(""), Length::Unknown).await.unwrap();
        let failed = loop {
            if let Err(fault) = writer.write(vec![b'x'; 10_000]).await {
                break fault;
            }
        };
        assert!(matches!(failed.kind(), FaultKind::Answered | FaultKind::Io), "{failed}");
        let mut answer = writer.finish().await.unwrap();
        assert_eq!(answer.status(), StatusCode::PAYLOAD_TOO_LARGE);
        assert!(!answer.is_reusable());
        assert_eq!(answer.text().await.unwrap(), "no");
    };
    let script = async move {
        peer.answers(SHORT).await;
    };
    tokio::join!(talking, script);
    assert!(!connection.is_open());
}

/// C29: the same for content that streams.
#[tokio::test]
async fn an_early_answer_to_a_stream() {
    let (mut connection, mut peer) = talk_through(&Connector::new(), 4096);
    let script = async move {
        peer.answers(SHORT).await;
    };
    let (answer, ()) = tokio::join!(connection.send(post(vec![b'x'; 1 << 20])), script);
    assert_eq!(answer.unwrap().text().await.unwrap(), "no");
}

/// A peer that takes nothing is waited for no longer than the timeout says.
#[tokio::test(start_paused = true)]
async fn a_peer_that_takes_nothing() {
    let mut timeouts = counterpart::client::Timeouts::default();
    timeouts.send = Duration::from_secs(3);
    let connector = Connector::new().timeouts(timeouts);
    let (mut connection, _peer) = talk_through(&connector, 64);
    let mut writer = connection.start(post(""), Length::Unknown).await.unwrap();
    let fault = loop {
        if let Err(fault) = writer.write(vec![b'x'; 100_000]).await {
            break fault;
        }
    };
    assert_eq!(fault.kind(), FaultKind::Timeout(Phase::Send));
    drop(writer);
    assert!(!connection.is_open());
}

/// What was written leaves when it is flushed, and an answer to all of it is no early one.
#[tokio::test]
async fn flushing() {
    let (mut connection, mut peer) = talk();
    let talking = async {
        let mut writer = connection.start(post(""), Length::Known(2)).await.unwrap();
        writer.write("ab").await.unwrap();
        writer.flush().await.unwrap();
        tokio::task::yield_now().await;
        writer.flush().await.unwrap();
        let mut answer = writer.finish().await.unwrap();
        assert!(answer.is_reusable());
        assert_eq!(answer.text().await.unwrap(), "hi");
    };
    let script = async {
        peer.hear_until("ab").await;
        peer.say(HI).await;
    };
    tokio::join!(talking, script);
    assert_eq!(got(&mut connection, &mut peer, HI).await.status(), StatusCode::OK);
}

/// What a program makes content of: a list of pieces, one after the other.
struct Pieces(Vec<Result<&'static str, std::io::Error>>);

impl futures_core::Stream for Pieces {
    type Item = Result<&'static str, std::io::Error>;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        Poll::Ready(if self.0.is_empty() { None } else { Some(self.0.remove(0)) })
    }
}

/// The head and the content that travel, up to this end.
async fn content_of(body: Body, end: &str) -> (String, String) {
    let (mut connection, mut peer) = talk();
    let (answer, heard) = tokio::join!(connection.send(post(body)), async {
        let head = peer.head().await;
        let content = peer.hear_until(end).await;
        peer.say(HI).await;
        (head, content)
    });
    assert_eq!(answer.unwrap().status(), StatusCode::OK);
    heard
}

/// C15: a stream is chunked, and its empty pieces are skipped.
#[tokio::test]
async fn a_stream() {
    let body = Body::from_stream(Pieces(vec![Ok(""), Ok("one"), Ok(""), Ok("three"), Ok("")]));
    let (_, content) = content_of(body, "0\r\n\r\n").await;
    assert_eq!(content, "3\r\none\r\n5\r\nthree\r\n0\r\n\r\n");
    let failing = Pieces(vec![Ok("one"), Err(std::io::Error::other("no more"))]);
    let (mut connection, _peer) = talk();
    let fault = connection.send(post(Body::from_stream(failing))).await.unwrap_err();
    assert_eq!(fault.kind(), FaultKind::Content);
    assert!(fault.to_string().contains("no more"), "{fault}");
}

/// C19: a reader is chunked, 64 KiB at a time; a file goes out from where it stands, with its length.
#[tokio::test]
async fn readers_and_files() {
    let long = "x".repeat(100_000);
    let reader = Body::from_reader(std::io::Cursor::new(long));
    let (head, content) = content_of(reader, "0\r\n\r\n").await;
    assert!(head.contains("transfer-encoding: chunked"), "{head}");
    assert!(content.starts_with("10000\r\nxxx"), "{}", &content[..9]);
    assert!(content.contains("\r\n86a0\r\n"));

    let path = std::env::temp_dir().join(format!("counterpart-{}.txt", std::process::id()));
    tokio::fs::write(&path, "read already, and the rest").await.unwrap();
    let mut file = tokio::fs::File::open(&path).await.unwrap();
    file.read_exact(&mut [0; 14]).await.unwrap();
    let (head, content) = content_of(Body::file(file).await.unwrap(), "rest").await;
    assert!(head.contains("\r\ncontent-length: 12\r\n"), "{head}");
    assert_eq!(content, "and the rest");

    // A file that becomes shorter is never taken for whole.
    let body = Body::file(tokio::fs::File::open(&path).await.unwrap()).await.unwrap();
    tokio::fs::write(&path, "short").await.unwrap();
    let (mut connection, _peer) = talk();
    let fault = connection.send(post(body)).await.unwrap_err();
    assert_eq!(fault.kind(), FaultKind::Content);
    tokio::fs::remove_file(&path).await.unwrap();
}

/// C13, C18: text and JSON say what they are, and how long; a body says nothing of its type.
#[tokio::test]
async fn text_and_json() {
    for (request, kind, length) in [
        (get("/").with_text("hé"), Some("text/plain; charset=utf-8"), 3),
        (get("/").with_json(&[1, 2]).unwrap(), Some("application/json"), 5),
        (get("/").with_body("text"), None, 4),
    ] {
        let (mut connection, mut peer) = talk();
        let (head, _) = ask(&mut connection, &mut peer, request, HI).await;
        assert_eq!(head.contains("content-type"), kind.is_some());
        assert!(kind.is_none_or(|kind| head.contains(&format!("\r\ncontent-type: {kind}\r\n"))));
        assert!(head.contains(&format!("\r\ncontent-length: {length}\r\n")), "{head}");
    }
}
