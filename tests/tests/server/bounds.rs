//! Bounds: bodies that are too large, broken or late, and who is blamed for them.

use counterpart::Problem;
use counterpart::http::HeaderValue;
use counterpart::server::Config;

use super::house::Peer;

const HELLO: &str = "GET /hello HTTP/1.1\r\nhost: a\r\n\r\n";

fn limited(most: u64) -> Peer {
    let mut config = Config::default();
    config.limits.body = most;
    Peer::with(config, 64 * 1024)
}

/// The problem that is the last answer of a connection.
async fn last_problem(peer: &mut Peer) -> Problem {
    let answer = peer.hear_all().await;
    assert!(answer.contains("\r\nconnection: close\r\n"), "{answer}");
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    let status = head["HTTP/1.1 ".len()..].split(' ').next().unwrap();
    Problem::read(status.parse().unwrap(), body.as_bytes()).expect("a problem")
}

/// T19: what the head says is too large never reaches a service, nor is it asked for.
#[tokio::test]
async fn a_length_over_the_limit_is_413_before_the_service_is_called() {
    assert_eq!(Config::default().limits.body, 2 * 1024 * 1024);
    for more in ["", "expect: 100-continue\r\n"] {
        let mut peer = Peer::new();
        let length = 1_u64 << 40;
        peer.say(format!(
            "POST /upload HTTP/1.1\r\nhost: a\r\n{more}content-length: {length}\r\n\r\n"
        ))
        .await;
        peer.say("some of it").await;
        let problem = last_problem(&mut peer).await;
        assert_eq!(
            (problem.status.as_u16(), problem.code.as_deref()),
            (413, Some("http.too-large"))
        );
        assert_eq!(problem.take_member::<u64>("limit"), Some(2 * 1024 * 1024));
    }
    let mut peer = limited(3);
    peer.say("POST /upload HTTP/1.1\r\nhost: a\r\ncontent-length: 3\r\n\r\nabc").await;
    assert!(peer.hear_until("\r\n\r\n3").await.starts_with("HTTP/1.1 200 "));
}

/// S17: what a request expects and nobody knows is refused before the service is called; HTTP/1.0 expects nothing.
#[tokio::test]
async fn an_unknown_expectation_is_417() {
    for expect in ["200-ok", "100-continue, 200-ok"] {
        let mut peer = Peer::new();
        peer.say(format!(
            "POST /upload HTTP/1.1\r\nhost: a\r\nexpect: {expect}\r\ncontent-length: 3\r\n\r\nabc"
        ))
        .await;
        let problem = last_problem(&mut peer).await;
        assert_eq!(
            (problem.status.as_u16(), problem.code.as_deref()),
            (417, Some("http.expectation-failed"))
        );
    }
    // Without content nothing stands in the way of the next request.
    let mut peer = Peer::new();
    peer.say(format!("GET /hello HTTP/1.1\r\nhost: a\r\nexpect: 200-ok\r\n\r\n{HELLO}")).await;
    assert!(peer.hear_until("hello").await.starts_with("HTTP/1.1 417 "));
    let mut peer = Peer::new();
    peer.say("GET /hello HTTP/1.0\r\nexpect: 200-ok\r\n\r\n").await;
    assert!(peer.hear_all().await.starts_with("HTTP/1.1 200 "));
}

/// T19, S18: chunks that run over the limit are the peer's mistake, whatever the service makes of it.
#[tokio::test]
async fn a_service_that_fails_by_its_body_is_not_blamed() {
    let cases = [
        ("3\r\nabc\r\n3\r\ndef\r\n", 413, "http.too-large"),
        ("3\r\nabc\r\nff\r\n", 413, "http.too-large"),
        ("3\r\nabcdef\r\n", 400, "http.malformed"),
        ("3\r\nabc\r\nzz\r\n", 400, "http.malformed"),
        ("3\r\nabc\r\n0\r\nhost: b\r\n\r\n", 400, "http.malformed"),
    ];
    for path in ["/upload", "/upload/panic", "/upload/500"] {
        for (chunks, status, code) in cases {
            let mut peer = limited(5);
            peer.say(format!(
                "POST {path} HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n"
            ))
            .await;
            peer.service.held.notified().await;
            peer.say([chunks, HELLO].concat()).await;
            let problem = last_problem(&mut peer).await;
            assert_eq!(
                (problem.status.as_u16(), problem.code.as_deref()),
                (status, Some(code)),
                "{path} {chunks}"
            );
        }
    }
}

#[tokio::test]
async fn a_service_that_has_a_word_for_it_is_heard() {
    let mut peer = limited(5);
    let head =
        "POST /collected HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n";
    peer.say(head).await;
    tokio::task::yield_now().await;
    peer.say("3\r\ndef\r\n").await;
    let answer = peer.hear_all().await;
    assert!(
        answer.ends_with("the body is larger than 5 bytes: the body is over its limit"),
        "{answer}"
    );
}

/// T14: hosts that are not ours, where ours are listed.
#[tokio::test]
async fn another_host_is_421() {
    let mut config = Config::default();
    config.hosts = vec!["example.com".into(), "[::1]:8080".into()];
    for (target, host, status) in [
        ("/hello", "Example.COM:80", 200),
        ("/hello", "[::1]:8080", 200),
        ("http://example.com/hello", "evil.com", 200),
        ("/hello", "evil.com", 421),
        ("/hello", "[::1]:80", 421),
        ("http://evil.com/hello", "example.com", 421),
    ] {
        let mut peer = Peer::with(config.clone(), 64 * 1024);
        peer.say(format!("GET {target} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n\r\n"))
            .await;
        let answer = peer.hear_all().await;
        assert!(answer.starts_with(&format!("HTTP/1.1 {status} ")), "{target} {host}: {answer}");
        assert_eq!(answer.contains("\"http.misdirected\""), status == 421);
    }
}

/// S26: nothing is told of the server but what it was told to say.
#[tokio::test]
async fn the_server_field_is_off_or_what_was_set() {
    let mut peer = Peer::new();
    peer.say(HELLO).await;
    assert!(!peer.hear_until("hello").await.contains("server"));
    let mut config = Config::default();
    config.server = Some(HeaderValue::from_static("counter"));
    let mut peer = Peer::with(config, 64 * 1024);
    peer.say([HELLO, "junk\r\n\r\n"].concat()).await;
    let answers = peer.hear_all().await;
    assert_eq!(answers.matches("\r\nserver: counter\r\n").count(), 2, "{answers}");
}
