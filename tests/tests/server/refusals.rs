//! Refusals: each says in words and in a code what is wrong, and with which limit.

use counterpart::Problem;
use counterpart::http::StatusCode;

use super::house::Peer;

/// The problem with which these bytes are answered.
async fn refused(request: &str) -> Problem {
    let mut peer = Peer::new();
    peer.say(request).await;
    let answer = peer.hear_all().await;
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    assert!(head.contains("\r\nconnection: close"), "{head}");
    assert!(head.contains("\r\ncontent-type: application/problem+json"), "{head}");
    let status: StatusCode = head[9..12].parse().unwrap();
    Problem::read(status, body.as_bytes()).unwrap()
}

fn get(target: &str, fields: &str) -> String {
    format!("GET {target} HTTP/1.1\r\nhost: a\r\n{fields}\r\n")
}

/// S6, S12, T15: a limit is named.
#[tokio::test]
async fn a_limit_is_named() {
    for (request, status, limit, words) in [
        (
            get(&"/".repeat(8193), ""),
            414,
            8192,
            "the request target is over its limit of 8192 bytes",
        ),
        (
            get("/", &"a: b\r\n".repeat(100)),
            431,
            100,
            "the head has too many fields: more than 100",
        ),
        (
            get("/", &format!("a: {}\r\n", "b".repeat(32768))),
            431,
            32768,
            "the head is over its limit of 32768 bytes",
        ),
    ] {
        let problem = refused(&request).await;
        assert_eq!((problem.status.as_u16(), problem.detail.as_deref()), (status, Some(words)));
        assert_eq!(problem.code.as_deref(), Some("http.too-large"));
        assert_eq!(problem.take_member::<u64>("limit"), Some(limit));
    }
}

/// S7, S8, S19: what is wrong is said, and nothing of it repeated but one byte.
#[tokio::test]
async fn what_is_wrong_is_said() {
    for (request, status, code, words) in [
        (
            get("/", "content-length: 99999999999999999999999\r\n"),
            400,
            "http.malformed",
            "`Content-Length` is larger than any body can be",
        ),
        (
            get("/", "content-length: 9x\r\n"),
            400,
            "http.malformed",
            "`Content-Length` must be one row of digits",
        ),
        (
            get("/caf\u{e9}", ""),
            400,
            "http.malformed",
            "the request target holds a byte that must be percent-encoded: `\\xc3` at byte 4",
        ),
        (
            get("/a#b", ""),
            400,
            "http.malformed",
            "the request target holds a byte that must be percent-encoded: `#` at byte 2",
        ),
        (
            get("/a b", ""),
            400,
            "http.malformed",
            "the request line is not a method, a target and a version, with one blank between them",
        ),
        (
            get("/", "transfer-encoding: gzip, chunked\r\n"),
            501,
            "http.not-implemented",
            "the only transfer coding is `chunked`",
        ),
        (
            get("/", "").replace("/1.1", "/2.0"),
            505,
            "http.version-not-supported",
            "the major version of HTTP is not 1",
        ),
    ] {
        let problem = refused(&request).await;
        assert_eq!(problem.detail.as_deref(), Some(words));
        assert_eq!((problem.status.as_u16(), problem.code.as_deref()), (status, Some(code)));
    }
}
