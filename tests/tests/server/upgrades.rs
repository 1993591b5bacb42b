//! Other protocols: what a connection is after 101, and after CONNECT was answered.

use std::future::poll_fn;

use bytes::BytesMut;
use counterpart::io::pair;
use counterpart::prelude::*;
use counterpart::wire::{Upgraded, Wire};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt};

use super::house::{Peer, lines};

/// C56: what was read with the head comes first.
#[tokio::test]
async fn what_was_read_already_is_read_first() {
    let (ours, mut theirs) = pair(1024);
    let mut ours = Upgraded::new(ours, &b"first"[..]);
    poll_fn(|cx| theirs.poll_write(cx, b" second\nthird")).await.unwrap();
    poll_fn(|cx| theirs.poll_shutdown(cx)).await.unwrap();
    let mut two = [0; 2];
    ours.read_exact(&mut two).await.unwrap();
    assert_eq!(two, *b"fi");
    let mut text = String::new();
    ours.read_line(&mut text).await.unwrap();
    ours.read_to_string(&mut text).await.unwrap();
    assert_eq!(text, "rst second\nthird");
    ours.write_all(b"back").await.unwrap();
    let mut heard = BytesMut::with_capacity(64);
    poll_fn(|cx| theirs.poll_read(cx, &mut heard)).await.unwrap();
    assert_eq!(heard, "back");
}

const ASK: &str =
    "GET /upgrade HTTP/1.1\r\nhost: a\r\nconnection: upgrade\r\nupgrade: lines\r\n\r\n";
const HELLO: &str = "GET /hello HTTP/1.1\r\nhost: a\r\n\r\n";
const CONNECT: &str = "CONNECT a:443 HTTP/1.1\r\nhost: a:443\r\n\r\n";

fn problem(answer: &str) -> Problem {
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    let status = head["HTTP/1.1 ".len()..].split(' ').next().unwrap();
    Problem::read(status.parse().unwrap(), body.as_bytes()).unwrap()
}

/// S56, T12: what follows an upgrade at once belongs to the new protocol, but only because it was answered with 101.
#[tokio::test]
async fn after_101_the_connection_speaks_another_protocol() {
    let mut peer = Peer::new();
    peer.say([HELLO, ASK, "early\n"].concat()).await;
    peer.hear_until("hello").await;
    let head = peer.hear_until("\r\n\r\n").await;
    let expected =
        "HTTP/1.1 101 Switching Protocols\r\nupgrade: lines\r\nconnection: upgrade\r\n\r\n";
    assert_eq!(head, expected);
    peer.hear_until("early\n").await;
    peer.say("late\n").await;
    peer.hear_until("late\n").await;
    peer.say(HELLO).await;
    peer.end().await;
    assert_eq!(peer.hear_all().await, HELLO);
}

/// T12: an upgrade that is not wanted is ignored, and what follows it is the next request.
#[tokio::test]
async fn an_unknown_upgrade_is_ignored() {
    let mut peer = Peer::new();
    peer.say([&ASK.replace("/upgrade", "/hello"), HELLO].concat()).await;
    for _ in 0..2 {
        let answer = peer.hear_until("hello").await;
        assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
    }
}

/// S56: of several protocols the peer takes any; their names have no case.
#[tokio::test]
async fn one_of_several_protocols_is_enough() {
    for named in ["upgrade: words, Lines\r\n", "upgrade: words/1\r\nupgrade: LINES,\r\n"] {
        let mut peer = Peer::new();
        peer.say(ASK.replace("upgrade: lines\r\n", named)).await;
        assert!(peer.hear_until("\r\n\r\n").await.starts_with("HTTP/1.1 101 "), "{named}");
    }
}

/// S56: who did not ask is told how to.
#[tokio::test]
async fn what_is_there_by_upgrade_alone_is_426_for_others() {
    for request in [
        ASK.replace("connection: upgrade\r\n", ""),
        ASK.replace("upgrade: lines\r\n", ""),
        ASK.replace("upgrade: lines\r\n", "upgrade: words, lines/2\r\n"),
        ASK.replace("HTTP/1.1", "HTTP/1.0").replace("upgrade\r\n", "upgrade, keep-alive\r\n"),
        ASK.replace("\r\n\r\n", "\r\ncontent-length: 3\r\n\r\nabc"),
    ] {
        let mut peer = Peer::new();
        peer.say([&request, HELLO].concat()).await;
        let answer = peer.hear_until("}").await;
        assert!(answer.starts_with("HTTP/1.1 426 Upgrade Required\r\n"), "{request}: {answer}");
        assert!(answer.contains("\r\nupgrade: lines\r\nconnection: upgrade\r\n"), "{answer}");
        assert_eq!(problem(&answer).code.as_deref(), Some("http.upgrade-required"));
        assert!(peer.hear_until("hello").await.starts_with("HTTP/1.1 200 "));
    }
    let mut peer = Peer::new();
    peer.say([&ASK.replace("GET", "HEAD"), HELLO].concat()).await;
    assert!(peer.hear_until("\r\n\r\n").await.starts_with("HTTP/1.1 426 "));
    peer.hear_until("hello").await;
}

/// T12: a request hidden in the content of an upgrade is content.
#[tokio::test]
async fn an_upgrade_with_content_keeps_it_as_content() {
    let hidden = "GET /hello HTTP/1.1\r\nhost: a\r\n\r\n";
    let head = ASK.replace("\r\n\r\n", &format!("\r\ncontent-length: {}\r\n\r\n", hidden.len()));
    let mut peer = Peer::new();
    peer.say(
        [&head, hidden, "GET /peer HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n"].concat(),
    )
    .await;
    let answers = peer.hear_all().await;
    assert_eq!(answers.matches("HTTP/1.1 ").count(), 2, "{answers}");
    assert!(answers.starts_with("HTTP/1.1 426 ") && answers.ends_with("None"), "{answers}");
}

/// S35: a service that is a proxy.
#[tokio::test]
async fn a_tunnel_is_what_a_service_makes_of_connect() {
    let mut peer = Peer::new();
    peer.say([CONNECT, "early\n"].concat()).await;
    let head = peer.hear_until("\r\n\r\n").await;
    assert!(head.starts_with("HTTP/1.1 200 OK\r\ndate: "), "{head}");
    assert!(!head.contains("content-length") && !head.contains("connection"), "{head}");
    peer.hear_until("early\n").await;
    peer.end().await;
    assert_eq!(peer.hear_all().await, "");
}

/// S35, T69: no 2xx to CONNECT by accident, and nothing that was meant for the tunnel is a request.
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

/// S56: 101 by hand, with nothing to go over to.
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

/// S56: nothing of HTTP holds any more but that the server can stop.
#[tokio::test(start_paused = true)]
async fn an_upgraded_connection_has_no_deadline_and_is_cut_at_the_end() {
    let mut peer = Peer::new();
    peer.say(ASK).await;
    peer.hear_until("\r\n\r\n").await;
    peer.house.crowd.stop();
    tokio::time::sleep(Duration::from_secs(7200)).await;
    peer.say("still here\n").await;
    peer.hear_until("still here\n").await;
    assert_eq!(peer.house.crowd.count(), 1);
    peer.house.crowd.cut();
    assert_eq!(peer.hear_all().await, "");
    peer.gone().await;
}

/// S56, T70: a panic after 101 ends its connection and no other.
#[tokio::test]
async fn a_panic_after_101_ends_the_connection() {
    let mut peer = Peer::new();
    peer.say(ASK.replace("/upgrade", "/upgrade/panic")).await;
    assert!(peer.hear_all().await.starts_with("HTTP/1.1 101 "));
    peer.gone().await;
}

#[derive(Debug, ApiError)]
enum Refused {
    /// Closed on Sundays.
    #[error(409)]
    Closed,
}

#[get("/lines")]
async fn upgraded_by_a_route(open: Option<bool>) -> Result<Response, Refused> {
    match open {
        Some(false) => Err(Refused::Closed),
        _ => Ok(Response::upgrade(HeaderValue::from_static("lines"), lines)),
    }
}

#[get("/{*rest}")]
async fn anything(rest: String) -> String {
    rest
}

api!(Upgrading: upgraded_by_a_route, anything);

/// S35, S56: a route answers with an upgrade; none is a proxy, whatever it catches.
#[tokio::test]
async fn routes_can_upgrade() {
    let app = App::new().mount(Upgrading).fallback(async |_: Request| "fallback");
    let mut peer = Peer::of(app.assemble().unwrap());
    peer.say(HELLO.replace("/hello", "/lines")).await;
    assert!(peer.hear_until("}").await.starts_with("HTTP/1.1 426 "));
    peer.say(ASK.replace("/upgrade", "/lines?open=false")).await;
    assert!(peer.hear_until("}").await.starts_with("HTTP/1.1 409 "));
    peer.say(ASK.replace("/upgrade", "/lines")).await;
    assert!(peer.hear_until("\r\n\r\n").await.starts_with("HTTP/1.1 101 "));
    peer.say("line\n").await;
    peer.hear_until("line\n").await;
    let app = App::new().mount(Upgrading).fallback(async |_: Request| "fallback");
    let mut peer = Peer::of(app.assemble().unwrap());
    peer.say(CONNECT).await;
    assert!(peer.hear_all().await.starts_with("HTTP/1.1 501 "));
}
