//! Heads on a running server: what is let in, what is refused, and with which status.

use super::house::{Peer, Served};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

const HELLO: &str = "GET /hello HTTP/1.1\r\nhost: a\r\n\r\n";

/// All answers to these bytes, by a peer that says no more.
async fn answers(bytes: impl AsRef<[u8]>) -> String {
    let mut peer = Peer::new();
    peer.say(bytes).await;
    peer.end().await;
    peer.hear_all().await
}

/// That these bytes are refused with this status, in one whole answer that is the last: the request behind them is
/// not looked at.
async fn assert_refused(bytes: &str, status: u16) {
    let answer = answers([bytes, HELLO].concat()).await;
    assert!(answer.starts_with(&format!("HTTP/1.1 {status} ")), "{bytes:?}: {answer}");
    assert_eq!(answer.matches("HTTP/1.1 ").count(), 1, "{bytes:?}: {answer}");
    assert!(answer.contains("\r\nconnection: close\r\n"), "{bytes:?}: {answer}");
    assert!(answer.contains("\r\ncontent-type: application/problem+json\r\n"), "{answer}");
}

async fn assert_served(bytes: &str) {
    let answer = answers(bytes).await;
    assert!(
        answer.starts_with("HTTP/1.1 200 ") && answer.ends_with("hello"),
        "{bytes:?}: {answer}"
    );
}

/// S6, S7, S8, S9, S10, S13, T07: each is refused, with a status line whatever the version was.
#[tokio::test]
async fn malformed_heads_are_refused() {
    for (head, status) in [
        ("GET /hello\r\n\r\n", 400),
        ("GET /hello HTTP/0.9\r\n\r\n", 505),
        ("GET /hello HTTP/2.0\r\nhost: a\r\n\r\n", 505),
        ("GET /hello HTTP/1.01\r\nhost: a\r\n\r\n", 400),
        ("GET /hello HTTP/1\r\nhost: a\r\n\r\n", 400),
        ("GET /hello http/1.1\r\nhost: a\r\n\r\n", 400),
        ("GET /hello HTTP/1.1 \r\nhost: a\r\n\r\n", 400),
        ("GET  /hello HTTP/1.1\r\nhost: a\r\n\r\n", 400),
        ("GET\t/hello HTTP/1.1\r\nhost: a\r\n\r\n", 400),
        (" GET /hello HTTP/1.1\r\nhost: a\r\n\r\n", 400),
        ("GET /a b HTTP/1.1\r\nhost: a\r\n\r\n", 400),
        ("GET hello HTTP/1.1\r\nhost: a\r\n\r\n", 400),
        ("GET /a#b HTTP/1.1\r\nhost: a\r\n\r\n", 400),
        ("GET /\u{e9} HTTP/1.1\r\nhost: a\r\n\r\n", 400),
        ("G@T /hello HTTP/1.1\r\nhost: a\r\n\r\n", 400),
        ("GET /hello HTTP/1.1\nhost: a\n\n", 400),
        ("GET /hello HTTP/1.1\r\nhost: a\nb: c\r\n\r\n", 400),
        ("GET /hello HTTP/1.1\r\nhost: a\r\n\rX", 400),
        ("GET /hello HTTP/1.1\r\nhost: a\r\nb : c\r\n\r\n", 400),
        ("GET /hello HTTP/1.1\r\nhost: a\r\n b: c\r\n\r\n", 400),
        ("GET /hello HTTP/1.1\r\nhost: a\r\nb: c\r\n d\r\n\r\n", 400),
        ("GET /hello HTTP/1.1\r\nhost: a\r\nb\r\n\r\n", 400),
        ("GET /hello HTTP/1.1\r\nhost: a\r\n: c\r\n\r\n", 400),
        ("GET /hello HTTP/1.1\r\nhost: a\r\nb\0: c\r\n\r\n", 400),
        ("GET /hello HTTP/1.1\r\nhost: a\r\nb: c\0d\r\n\r\n", 400),
        ("GET /hello HTTP/1.1\r\nhost: a\r\nb: c\rd\r\n\r\n", 400),
        ("GET /hello HTTP/1.1\r\nhost: a\r\nb: c\x7f\r\n\r\n", 400),
        ("\r\n\r\nGET /hello HTTP/1.1\r\nhost: a\r\n\r\n", 400),
    ] {
        assert_refused(head, status).await;
    }
    for head in [HELLO.to_owned(), format!("\r\n{HELLO}"), HELLO.replace("1.1", "1.9")] {
        assert_served(&head).await;
    }
}

/// S14, S34, T14: exactly one host, and one that is a host; an absolute target wins over it.
#[tokio::test]
async fn a_host_is_there_once_and_is_one() {
    let with = |target: &str, fields: &str| format!("GET {target} HTTP/1.1\r\n{fields}\r\n");
    let long = format!("host: {}\r\n", "a".repeat(300));
    for fields in [
        "",
        "host: a\r\nhost: a\r\n",
        "host: a\r\nhost: b\r\n",
        "host: me@a\r\n",
        "host: a/b\r\n",
        "host: a b\r\n",
        "host: a:b\r\n",
        "host: a:99999\r\n",
        "host: [::1\r\n",
        "host:\r\n",
        "host: a?b\r\n",
        &long,
    ] {
        assert_refused(&with("/hello", fields), 400).await;
    }
    for fields in
        ["host: a\r\n", "host: a.b-c:80\r\n", "host: [::1]:8080\r\n", "host: 127.0.0.1\r\n"]
    {
        assert_served(&with("/hello", fields)).await;
    }
    assert_served(&with("http://b/hello", "host: a\r\n")).await;
    assert_served("GET /hello HTTP/1.0\r\n\r\n").await;
    for target in ["http://me@b/hello", "http:///hello", "ftp:/hello"] {
        assert_refused(&with(target, "host: a\r\n"), 400).await;
    }
}

/// S12, T15: each limit is exact, and its status is read before the connection is gone.
#[tokio::test]
async fn limits_of_heads_are_exact() {
    let fields =
        |n: usize| format!("GET /hello HTTP/1.1\r\nhost: a\r\n{}\r\n", "b: c\r\n".repeat(n - 1));
    let target = |n: usize| {
        format!("GET /hello?{} HTTP/1.1\r\nhost: a\r\n\r\n", "q".repeat(n - "/hello?".len()))
    };
    let empty = fields(2).len() + 8;
    let head = |n: usize| {
        fields(1)
            .replace("\r\n\r\n", &format!("\r\nb: c\r\nlong: {}\r\n\r\n", "x".repeat(n - empty)))
    };
    assert_eq!(head(1000).len(), 1000);
    for (within, over, status) in [
        (fields(100), fields(101), 431),
        (fields(100), fields(2000), 431),
        (target(8 * 1024), target(8 * 1024 + 1), 414),
        (head(32 * 1024), head(32 * 1024 + 1), 431),
        (head(32 * 1024), head(1024 * 1024), 431),
    ] {
        assert_served(&within).await;
        let mut peer = Peer::new();
        peer.say_what_is_taken(over).await;
        let answer = peer.hear_until("\r\n").await;
        assert_eq!(&answer[..13], format!("HTTP/1.1 {status} "));
    }
}

/// T16: a head without end is cut long before it costs anything.
#[tokio::test]
async fn an_endless_head_is_cut() {
    for start in ["GET /", "GET / HTTP/1.1\r\nhost: a\r\nb: "] {
        let served = Served::new().await;
        let (mut read, mut write) = TcpStream::connect(served.address).await.unwrap().into_split();
        write.write_all(start.as_bytes()).await.unwrap();
        let flood = tokio::spawn(async move {
            let mut sent = 0;
            while write.write_all(&[b'x'; 8192]).await.is_ok() {
                sent += 8192;
                assert!(sent < 64 << 20, "all of it is taken");
            }
        });
        let mut status = [0; 12];
        read.read_exact(&mut status).await.unwrap();
        assert!(matches!(&status, b"HTTP/1.1 414" | b"HTTP/1.1 431"), "{}", status.escape_ascii());
        flood.await.unwrap();
        served.stopped().await;
    }
}

/// S15, T13: `close` is a word in a list, and nothing behind it is answered.
#[tokio::test]
async fn what_follows_the_last_request_is_never_answered() {
    for head in [
        "GET /hello HTTP/1.0\r\n\r\n",
        "GET /hello HTTP/1.0\r\nconnection: close\r\n\r\n",
        "GET /hello HTTP/1.1\r\nhost: a\r\nconnection: foo, Close\r\n\r\n",
        "GET /hello HTTP/1.1\r\nhost: a\r\nconnection: keep-alive\r\nconnection: close\r\n\r\n",
    ] {
        let answer = answers([head, HELLO].concat()).await;
        assert_eq!(answer.matches("HTTP/1.1 ").count(), 1, "{head:?}: {answer}");
        assert!(answer.contains("\r\nconnection: close\r\n"), "{answer}");
    }
    let kept =
        answers(["GET /hello HTTP/1.0\r\nconnection: Keep-Alive\r\n\r\n", HELLO].concat()).await;
    assert_eq!(kept.matches("HTTP/1.1 200 ").count(), 2, "{kept}");
}
