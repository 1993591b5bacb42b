//! The program over a socket, as a conformance run sees it.

use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use counterpart::server::Server;

use super::*;

/// The answers, as text, to bytes that are sent as they are.
async fn answers(bytes: impl AsRef<[u8]>) -> String {
    let server = Server::bind("127.0.0.1:0").await.unwrap();
    let mut stream = TcpStream::connect(server.local_addr()).await.unwrap();
    let mut answers = String::new();
    let talk = async {
        stream.write_all(bytes.as_ref()).await.unwrap();
        stream.shutdown().await.unwrap();
        stream.read_to_string(&mut answers).await.unwrap();
    };
    server.serve_until(from_fn(echo), talk).await.unwrap();
    answers
}

/// The content of the one answer.
fn content(answer: &str) -> Value {
    let (_, content) = answer.split_once("\r\n\r\n").unwrap();
    serde_json::from_str(content).unwrap()
}

#[counterpart::test]
async fn what_was_asked_is_answered() {
    let answer = answers(
        "PURGE /a%20b?c=d&e HTTP/1.1\r\nHost: here\r\nX-A: 1\r\nx-a:\t2 \r\nContent-Length: 4\r\n\r\nbody",
    )
    .await;
    assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
    let expected = json!({
        "method": "PURGE",
        "target": "/a%20b?c=d&e",
        "headers": [["host", "here"], ["x-a", "1"], ["x-a", "2"], ["content-length", "4"]],
        "body_b64": "Ym9keQ==",
    });
    assert_eq!(content(&answer), expected);
}

#[counterpart::test]
async fn every_form_of_a_target_is_answered() {
    for line in ["OPTIONS *", "GET http://here/a?b", "DELETE /", "GET //?"] {
        let answer = answers(format!("{line} HTTP/1.1\r\nHost: here\r\n\r\n")).await;
        let (method, target) = line.split_once(' ').unwrap();
        assert_eq!(
            (&content(&answer)["method"], &content(&answer)["target"]),
            (&json!(method), &json!(target))
        );
    }
}

#[counterpart::test]
async fn every_byte_comes_through() {
    let every: Vec<u8> = (0..=255).collect();
    let head =
        b"POST / HTTP/1.1\r\nHost: here\r\nX-Bytes: \xe4\xff\r\nTransfer-Encoding: chunked\r\n\r\n";
    let answer = answers([head, &b"100\r\n"[..], &every, b"\r\n0\r\n\r\n"].concat()).await;
    assert_eq!(content(&answer)["headers"][1], json!(["x-bytes", "\u{e4}\u{ff}"]));
    let body = content(&answer)["body_b64"].as_str().unwrap().to_owned();
    assert_eq!(BASE64_STANDARD.decode(body).unwrap(), every);
}

#[counterpart::test]
async fn a_connection_is_kept_and_answers_in_order() {
    let said = answers(
        "POST /1 HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\nxGET /2 HTTP/1.1\r\nHost: a\r\n\r\nHEAD /3 HTTP/1.1\r\nHost: a\r\n\r\n",
    )
    .await;
    let targets: Vec<_> =
        said.match_indices("\"target\":\"/").map(|(at, _)| &said[at + 10..at + 12]).collect();
    assert_eq!(targets, ["/1", "/2"], "{said}");
    assert_eq!(said.matches("HTTP/1.1 200 OK").count(), 3, "{said}");
    assert!(said.ends_with("\r\n\r\n"), "the answer to HEAD is a head: {said}");
}

/// S5: a raw server says itself which methods it does not know.
#[counterpart::test]
async fn a_tunnel_and_a_body_over_the_limit_are_refused() {
    let answer = answers("CONNECT here:80 HTTP/1.1\r\nHost: here:80\r\n\r\n").await;
    assert!(answer.starts_with("HTTP/1.1 501 "), "{answer}");
    let answer = answers("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2097153\r\n\r\n").await;
    assert!(answer.starts_with("HTTP/1.1 413 "), "{answer}");
    assert!(answer.contains("\r\nconnection: close\r\n"), "{answer}");
}

#[counterpart::test]
async fn a_broken_body_is_refused_and_the_connection_closed() {
    let head = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
    let answer = answers(format!("{head}3\r\nabcXXGET / HTTP/1.1\r\nHost: a\r\n\r\n")).await;
    assert!(answer.starts_with("HTTP/1.1 400 "), "{answer}");
    assert!(answer.contains("\r\nconnection: close\r\n"), "{answer}");
    assert_eq!(answer.matches("HTTP/1.1").count(), 1, "{answer}");
}
