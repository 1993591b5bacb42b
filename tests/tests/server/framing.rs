//! Framing on a running server: where a request ends, and that nobody can be made to think otherwise.

use super::house::{Peer, Served};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

const HELLO: &str = "GET /hello HTTP/1.1\r\nhost: a\r\n\r\n";
/// What must never be answered: it stands where only content can.
const CANARY: &str = "GET /canary HTTP/1.1\r\nhost: a\r\n\r\n";

async fn answers(bytes: impl AsRef<[u8]>) -> String {
    let mut peer = Peer::new();
    peer.say(bytes).await;
    peer.end().await;
    peer.hear_all().await
}

/// S19, T01, T02, T03: one answer, which refuses and closes.
#[tokio::test]
async fn ambiguous_lengths_are_refused() {
    for (fields, status) in [
        ("content-length: 4\r\ntransfer-encoding: chunked\r\n", 400),
        ("transfer-encoding: chunked\r\ncontent-length: 4\r\n", 400),
        ("content-length: 0\r\ntransfer-encoding: chunked\r\n", 400),
        ("content-length: +2\r\n", 400),
        ("content-length: 0x2\r\n", 400),
        ("content-length: -1\r\n", 400),
        ("content-length:\r\n", 400),
        ("content-length: 1 2\r\n", 400),
        ("content-length: 2, 2\r\n", 400),
        ("content-length: 2\r\ncontent-length: 2\r\n", 400),
        ("content-length: 2\r\ncontent-length: 40\r\n", 400),
        ("content-length: 18446744073709551618\r\n", 400),
        ("content-length : 2\r\n", 400),
        ("transfer-encoding: xchunked\r\n", 501),
        ("transfer-encoding: chunked\r\ntransfer-encoding: chunked\r\n", 400),
        ("transfer-encoding: chunked, identity\r\n", 501),
        ("transfer-encoding: identity\r\n", 501),
        ("transfer-encoding: gzip, chunked\r\n", 501),
        ("transfer-encoding:\x0bchunked\r\n", 400),
        ("transfer-encoding:\r\n chunked\r\n", 400),
    ] {
        for method in ["POST", "GET"] {
            let bytes =
                format!("{method} /echo HTTP/1.1\r\nhost: a\r\n{fields}\r\n0\r\n\r\n{CANARY}");
            let answer = answers(&bytes).await;
            assert_eq!(answer.matches("HTTP/1.1 ").count(), 1, "{bytes:?}: {answer}");
            let refused = [status, 400].map(|status| format!("HTTP/1.1 {status} "));
            assert!(refused.iter().any(|line| answer.starts_with(line)), "{bytes:?}: {answer}");
            assert!(answer.contains("\r\nconnection: close\r\n"), "{answer}");
        }
    }
    let old = "POST /echo HTTP/1.0\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n";
    assert!(answers([old, CANARY].concat()).await.starts_with("HTTP/1.1 400 "));
}

/// S19, T04, T05: a chunk is a size in hex, CR LF, its bytes, CR LF, and nothing else.
#[tokio::test]
async fn malformed_chunks_are_refused() {
    for chunks in [
        "0x2\r\nab\r\n",
        "+2\r\nab\r\n",
        "-2\r\nab\r\n",
        "2_0\r\nab\r\n",
        " 2\r\nab\r\n",
        "\r\nab\r\n",
        "00000000000000002\r\nab\r\n",
        "2\nab\r\n",
        "2\rab\r\n",
        "2;a\nab\r\n",
        "2;a\rb\r\nab\r\n",
        "2\r\nab\n0\r\n",
        "2\r\nabXX",
        "2\r\nab0\r\n\r\n",
        "0\n\n",
        "2 \r\nab\r\n",
    ] {
        let head = "POST /collected HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n";
        let answer = answers([head, chunks, "0\r\n\r\n", CANARY].concat()).await;
        assert!(answer.starts_with("HTTP/1.1 400 "), "{chunks:?}: {answer}");
        assert_eq!(answer.matches("HTTP/1.1 ").count(), 1, "{chunks:?}: {answer}");
        assert!(answer.contains("\r\nconnection: close\r\n"), "{answer}");
    }
}

/// T06, T11: extensions and trailers without end are cut.
#[tokio::test]
async fn endless_extensions_and_trailers_are_cut() {
    let chunk = format!("1;{}=b\r\nx\r\n", "a".repeat(200));
    for endless in [chunk, "1;a=".into(), "0\r\na: b\r\n".to_owned() + &"c: d\r\n".repeat(999)] {
        let served = Served::new().await;
        let (mut read, mut write) = TcpStream::connect(served.address).await.unwrap().into_split();
        let head = "POST /collected HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n";
        write.write_all(head.as_bytes()).await.unwrap();
        let flood = tokio::spawn(async move {
            let mut sent = 0;
            while write.write_all(endless.as_bytes()).await.is_ok() {
                sent += endless.len();
                assert!(sent < 64 << 20, "all of it is taken");
            }
        });
        let mut status = [0; 12];
        read.read_exact(&mut status).await.unwrap();
        assert_eq!(&status[..10], b"HTTP/1.1 4");
        flood.await.unwrap();
        served.stopped().await;
    }
}

/// T11: trailers are no fields, and those that would be dangerous as fields are refused.
#[tokio::test]
async fn trailers_stand_apart() {
    let with = |trailer: &str| {
        format!(
            "POST /collected HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n2\r\nab\r\n0\r\n{trailer}\r\n{HELLO}"
        )
    };
    let answer = answers(with("x-sum: 1\r\n")).await;
    assert!(answer.contains("\r\n\r\n2HTTP/1.1 200 ") && answer.ends_with("hello"), "{answer}");
    for trailer in [
        "content-length: 9\r\n",
        "host: b\r\n",
        "authorization: c\r\n",
        "transfer-encoding: chunked\r\n",
    ] {
        let answer = answers(with(trailer)).await;
        assert!(answer.starts_with("HTTP/1.1 400 "), "{trailer}: {answer}");
        assert_eq!(answer.matches("HTTP/1.1 ").count(), 1, "{answer}");
    }
}

/// S18, T08, T10: what a handler did not read is read past, and the next request is the next request.
#[tokio::test]
async fn unread_bodies_are_passed() {
    let body = CANARY.repeat(2500);
    let mut peer = Peer::new();
    for path in ["/nowhere", "/ignore"] {
        for _ in 0..50 {
            peer.say(format!(
                "POST {path} HTTP/1.1\r\nhost: a\r\ncontent-length: {}\r\n\r\n",
                body.len()
            ))
            .await;
            peer.say(&body).await;
            peer.say(HELLO).await;
            let answers = peer.hear_until("hello").await;
            assert_eq!(answers.matches("HTTP/1.1 ").count(), 2, "{answers}");
        }
    }
}

/// S18, T09: an answer before a body of many requests is read, and none of them is answered.
#[tokio::test]
async fn an_early_answer_is_read_before_a_body_that_never_ends() {
    let served = Served::new().await;
    for path in ["/nowhere", "/limited"] {
        let (mut read, mut write) = TcpStream::connect(served.address).await.unwrap().into_split();
        let head =
            format!("POST {path} HTTP/1.1\r\nhost: a\r\ncontent-length: {}\r\n\r\n", 1 << 20);
        write.write_all(head.as_bytes()).await.unwrap();
        let flood = tokio::spawn(async move {
            let requests = CANARY.repeat(200);
            while write.write_all(requests.as_bytes()).await.is_ok() {}
        });
        let mut heard = Vec::new();
        // A peer that goes on for ever is reset in the end; what was answered came before.
        let _ = read.read_to_end(&mut heard).await;
        let heard = String::from_utf8_lossy(&heard);
        assert!(
            heard.starts_with("HTTP/1.1 4") && heard.contains("\r\nconnection: close\r\n"),
            "{heard}"
        );
        assert_eq!(heard.matches("HTTP/1.1 ").count(), 1, "{heard}");
        flood.await.unwrap();
    }
    served.stopped().await;
}

/// S17: who answers before the body is asked for never says 100, and the connection ends.
#[tokio::test]
async fn a_refusal_comes_before_the_go_ahead() {
    let head =
        "POST /nowhere HTTP/1.1\r\nhost: a\r\nexpect: 100-continue\r\ncontent-length: 3\r\n\r\n";
    let answer = answers([head, HELLO].concat()).await;
    assert!(
        answer.starts_with("HTTP/1.1 404 ") && answer.contains("\r\nconnection: close\r\n"),
        "{answer}"
    );
    let head = head.replace("/nowhere", "/collected").replace("1.1", "1.0");
    let answer = answers([&head, "abc"].concat()).await;
    assert!(answer.starts_with("HTTP/1.1 200 "), "HTTP/1.0 knows no 100: {answer}");
}

/// T32: uploads that are cut off at any byte are never taken for whole.
#[tokio::test]
async fn truncated_uploads_are_never_2xx() {
    let sized = format!(
        "POST /collected HTTP/1.1\r\nhost: a\r\ncontent-length: 50\r\n\r\n{}",
        "x".repeat(50)
    );
    let chunked = "POST /collected HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n14\r\n01234567890123456789\r\n0\r\na: b\r\n\r\n";
    for whole in [&sized[..], chunked] {
        assert!(answers(whole).await.starts_with("HTTP/1.1 200 "));
        for cut in 1..whole.len() {
            let answer = answers(&whole[..cut]).await;
            assert!(!answer.contains(" 200 "), "{:?}: {answer}", &whole[..cut]);
        }
    }
}
