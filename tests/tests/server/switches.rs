//! Other protocols, which this server does not speak: what asks for them is answered, and nothing is lost.

use super::house::Peer;

const HELLO: &str = "GET /hello HTTP/1.1\r\nhost: a\r\n\r\n";

#[tokio::test]
async fn connect_is_refused_whatever_the_service_would_say() {
    for more in ["", "content-length: 5\r\n", "connection: close\r\n", "expect: 100-continue\r\n"] {
        let mut peer = Peer::new();
        peer.say(format!("{HELLO}CONNECT a:80 HTTP/1.1\r\nhost: a:80\r\n{more}\r\n{HELLO}")).await;
        peer.hear_until("hello").await;
        let answer = peer.hear_all().await;
        assert!(answer.starts_with("HTTP/1.1 501 Not Implemented\r\n"), "{answer}");
        assert!(answer.contains("\r\nconnection: close\r\n"), "{answer}");
        assert!(answer.contains("\"http.not-implemented\""), "{answer}");
        // What follows may have been meant for the tunnel.
        assert_eq!(answer.matches("HTTP/1.1 ").count(), 1, "{answer}");
        peer.end().await;
        peer.gone().await;
    }
}

#[tokio::test]
async fn a_service_that_switches_is_a_mistake_of_the_server() {
    for (head, more) in [
        ("GET /switch HTTP/1.1", ""),
        ("GET /switch HTTP/1.1", "connection: upgrade\r\nupgrade: echo\r\n"),
        ("GET /switch HTTP/1.0", "connection: keep-alive\r\n"),
        ("POST /switch HTTP/1.1", "content-length: 0\r\n"),
    ] {
        let mut peer = Peer::new();
        peer.say(format!("{HELLO}{head}\r\nhost: a\r\n{more}\r\n{HELLO}")).await;
        peer.hear_until("hello").await;
        let answer = peer.hear_until("\r\n\r\n{").await;
        assert!(answer.starts_with("HTTP/1.1 500 "), "{answer}");
        assert!(!answer.contains("echo"), "{answer}");
        assert!(peer.hear_until("hello").await.contains("\"http.internal\""));
    }
}
