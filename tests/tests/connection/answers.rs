//! What an answer is to whoever reads it.

use std::sync::{Arc, Mutex};

use counterpart::client::{Connector, Limits, OnInterim};
use counterpart::http::{Method, StatusCode, Version};
use counterpart::proto::h1::ErrorKind;
use counterpart::service::FaultKind;
use counterpart::{Fault, Request};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt};

use super::house::*;

fn chunked(chunks: &[&str], end: &str) -> String {
    let chunks: String = chunks.iter().map(|c| format!("{:x}\r\n{c}\r\n", c.len())).collect();
    format!("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n{chunks}{end}")
}

/// C46: status, reason, version and URL.
#[tokio::test]
async fn the_head() {
    let (mut connection, mut peer) = talk();
    let head = "HTTP/1.1 299 All  \tas it came\r\ncontent-length: 0\r\n\r\n";
    let (_, answer) = ask(&mut connection, &mut peer, get("/a?b"), head).await;
    let answer = answer.unwrap();
    assert_eq!(answer.status().as_u16(), 299);
    assert_eq!((answer.reason(), answer.version()), ("All  \tas it came", Version::HTTP_11));
    assert_eq!(answer.url(), "http://localhost/a?b");
    for (line, reason) in [("HTTP/1.1 200", ""), ("HTTP/1.1 200 ", ""), ("HTTP/1.1 200 OK", "OK")] {
        let (mut connection, mut peer) = talk();
        let answer = got(&mut connection, &mut peer, format!("{line}\r\n\r\n")).await;
        assert_eq!(answer.reason(), reason, "{line}");
    }
}

/// C37: which versions are understood.
#[tokio::test]
async fn versions() {
    for (version, understood) in [("1.0", true), ("1.1", true), ("1.9", true)] {
        let answer = last_words(format!("HTTP/{version} 200 OK\r\n\r\nhi")).await;
        assert_eq!(answer.is_ok(), understood, "{version}");
    }
    for version in ["0.9", "2.0", "3.0"] {
        let fault = last_words(format!("HTTP/{version} 200 OK\r\n\r\nhi")).await.unwrap_err();
        assert_eq!(fault.protocol(), Some(ErrorKind::UnsupportedVersion), "{version}");
    }
    let fault = last_words("<html>of HTTP/0.9\n").await.unwrap_err();
    assert_eq!(fault.kind(), FaultKind::Malformed);
}

/// C43, C44, C45: fields in order, each value for itself or joined, and bytes over 7F.
#[tokio::test]
async fn fields() {
    let (mut connection, mut peer) = talk();
    let head = b"HTTP/1.1 204 No Content\r\nVary: a\r\nSet-Cookie: a=1, 2\r\nvary:  b \r\nSet-Cookie: b\r\nX: caf\xe9\r\n\r\n";
    let answer = got(&mut connection, &mut peer, head).await;
    let fields = answer.fields();
    let names: Vec<_> = fields.iter().map(|(name, _)| std::str::from_utf8(name).unwrap()).collect();
    assert_eq!(names, ["Vary", "Set-Cookie", "vary", "Set-Cookie", "X"]);
    assert_eq!(fields.get_joined("vary").as_deref(), Some("a, b"));
    assert_eq!(fields.get_joined("set-cookie"), None);
    assert_eq!(fields.get_joined("absent"), None);
    assert_eq!(fields.get_all("set-cookie").count(), 2);
    assert_eq!(fields.get("x"), Some(&b"caf\xe9"[..]));
    assert_eq!((fields.get_str("x"), fields.get_latin1("x").as_deref()), (None, Some("café")));
}

/// C39, C40: a head may have 256 fields and 256 KiB, unless told otherwise.
#[tokio::test]
async fn limits() {
    let head = |fields: usize| format!("HTTP/1.1 204 No\r\n{}\r\n", "a: b\r\n".repeat(fields));
    assert!(last_words(head(256)).await.is_ok());
    let fault = last_words(head(257)).await.unwrap_err();
    assert_eq!(fault.kind(), FaultKind::TooLarge);
    assert_eq!(fault.protocol(), Some(ErrorKind::TooManyFields { limit: 256 }));
    let long = format!("HTTP/1.1 204 No\r\na: {}\r\n\r\n", "b".repeat(256 * 1024));
    assert_eq!(last_words(long).await.unwrap_err().kind(), FaultKind::TooLarge);

    let mut limits = Limits::client();
    limits.fields = 1;
    limits.body = 3;
    let connector = Connector::new().limits(limits);
    let (mut connection, mut peer) = talk_by(&connector);
    let (_, answer) = ask(&mut connection, &mut peer, get("/"), head(2)).await;
    assert_eq!(answer.unwrap_err().kind(), FaultKind::TooLarge);
    let (mut connection, mut peer) = talk_by(&connector);
    let mut answer = got(&mut connection, &mut peer, chunked(&["ab", "cd"], "0\r\n\r\n")).await;
    let fault = answer.text().await.unwrap_err();
    assert_eq!(fault.kind(), FaultKind::TooLarge);
    assert!(fault.to_string().contains("larger than 3 bytes"), "{fault}");
}

/// C38: interim answers are told of and passed over; the hundred and first is one too many.
#[tokio::test]
async fn interim() {
    let told = Arc::new(Mutex::new(Vec::new()));
    let note = |by: &'static str| {
        let told = told.clone();
        move |head: &counterpart::text::ResponseHead| {
            told.lock().unwrap().push((by, head.status.as_u16(), head.fields.len()));
        }
    };
    let script = format!("HTTP/1.1 103 Hints\r\nlink: a\r\n\r\nHTTP/1.1 102 Wait\r\n\r\n{HI}");
    let connector = Connector::new().on_interim(note("connector"));
    let (mut connection, mut peer) = talk_by(&connector);
    let mut answer = got(&mut connection, &mut peer, &script).await;
    assert_eq!(answer.text().await.unwrap(), "hi");
    assert_eq!(*told.lock().unwrap(), [("connector", 103, 1), ("connector", 102, 0)]);

    told.lock().unwrap().clear();
    let mut request = get("/");
    request.extensions.insert(OnInterim::new(note("request")));
    let (_, answer) = ask(&mut connection, &mut peer, request, &script).await;
    assert_eq!(answer.unwrap().text().await.unwrap(), "hi");
    assert_eq!(told.lock().unwrap()[0].0, "request");

    let many = |n| "HTTP/1.1 100 Continue\r\n\r\n".repeat(n) + HI;
    assert!(last_words(many(100)).await.is_ok());
    let fault = last_words(many(101)).await.unwrap_err();
    assert_eq!(fault.protocol(), Some(ErrorKind::TooManyInterim));
}

/// C47, C48: how the content is framed, or why that cannot be known.
#[tokio::test]
async fn framings() {
    for (fields, expected) in [
        ("content-length: 2\r\ncontent-length: 2\r\n", Ok("hi")),
        ("content-length: 2, 2\r\n", Ok("hi")),
        ("", Ok("hi")),
        ("content-length: 2\r\ncontent-length: 3\r\n", Err(ErrorKind::BadContentLength)),
        ("content-length: +2\r\n", Err(ErrorKind::BadContentLength)),
        ("content-length: -2\r\n", Err(ErrorKind::BadContentLength)),
        ("content-length: 0x2\r\n", Err(ErrorKind::BadContentLength)),
        ("content-length: 1_0\r\n", Err(ErrorKind::BadContentLength)),
        ("content-length: \r\n", Err(ErrorKind::BadContentLength)),
        ("content-length: 99999999999999999999\r\n", Err(ErrorKind::ContentLengthTooLarge)),
        ("transfer-encoding: gzip, chunked\r\n", Err(ErrorKind::UnsupportedTransferEncoding)),
        ("transfer-encoding: gzip\r\n", Err(ErrorKind::UnsupportedTransferEncoding)),
    ] {
        let answer = last_words(format!("HTTP/1.1 200 OK\r\n{fields}\r\nhi")).await;
        let answer = answer.map(|bytes| String::from_utf8(bytes).unwrap());
        let answer = answer.map_err(|fault: Fault| fault.protocol().unwrap());
        assert_eq!(answer.as_deref().map_err(|kind| *kind), expected, "{fields}");
    }
    // The coding wins over the length, and the connection is not used again.
    let (mut connection, mut peer) = talk();
    let both =
        chunked(&["abc"], "0\r\n\r\n").replace("\r\n\r\n3", "\r\ncontent-length: 1\r\n\r\n3");
    let mut answer = got(&mut connection, &mut peer, both).await;
    assert_eq!(answer.text().await.unwrap(), "abc");
    assert!(!connection.is_open());
}

/// C49: some answers have no content, whatever they say, and the next one follows at once.
#[tokio::test]
async fn no_content() {
    for (method, status) in [("HEAD", 200), ("GET", 204), ("GET", 304)] {
        for fields in ["content-length: 9", "transfer-encoding: chunked"] {
            let (mut connection, mut peer) = talk();
            let request = Request::new(method.parse().unwrap(), "/");
            let head = format!("HTTP/1.1 {status} X\r\n{fields}\r\n\r\n");
            let (_, answer) = ask(&mut connection, &mut peer, request, head).await;
            assert_eq!(answer.unwrap().text().await.unwrap(), "");
            assert_eq!(got(&mut connection, &mut peer, HI).await.text().await.unwrap(), "hi");
        }
    }
}

/// C52: whichever way content is read, what is cut short is an error, and stays one.
#[tokio::test]
async fn cut_short() {
    for head in [
        "HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhalf".to_owned(),
        chunked(&["half"], ""),
        chunked(&["half"], "0\r\n"),
        chunked(&["half"], "0\r\nx: y\r\n"),
    ] {
        let fault = last_words(&head).await.unwrap_err();
        assert!(matches!(fault.kind(), FaultKind::Incomplete { received: 4, .. }), "{fault}");
        let (mut connection, mut peer) = talk();
        let mut answer = got(&mut connection, &mut peer, &head).await;
        drop(peer);
        let mut buffer = [0; 4];
        assert_eq!(answer.read(&mut []).await.unwrap(), 0);
        assert_eq!(answer.read(&mut buffer).await.unwrap(), 4);
        for _ in 0..2 {
            let error = answer.read(&mut buffer).await.unwrap_err();
            assert_eq!(error.kind(), std::io::ErrorKind::UnexpectedEof);
            assert!(answer.chunk().await.unwrap_err().is_body());
            assert!(answer.text().await.is_err());
            assert!(answer.read_line(&mut String::new()).await.is_err());
        }
    }
    let incomplete = last_words("HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nseven b").await;
    let said = incomplete.unwrap_err().to_string();
    assert!(said.contains("7 bytes read, 3 more expected"), "{said}");
}

/// C03: no cut in no framing makes a whole answer.
#[tokio::test]
async fn every_cut() {
    for whole in [
        "HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello".to_owned(),
        chunked(&["hel", "lo"], "0\r\n\r\n"),
        chunked(&["hel", "lo"], "0\r\nx-a: 1\r\nx-b: 2\r\n\r\n"),
    ] {
        assert_eq!(last_words(&whole).await.unwrap(), b"hello");
        for cut in 0..whole.len() {
            let fault = last_words(&whole[..cut]).await.unwrap_err();
            let kind = fault.kind();
            let expected = matches!(kind, FaultKind::Incomplete { .. } if cut > 0)
                || matches!(kind, FaultKind::Disconnected { .. } if cut == 0);
            assert!(expected, "{whole:?} cut at {cut}: {fault}");
        }
    }
}

/// C54: a reader of bytes, of lines, of pieces.
#[tokio::test]
async fn readers() {
    let (mut connection, mut peer) = talk();
    let script = chunked(&["one\ntw", "o\nthree"], "0\r\n\r\n");
    let mut answer = got(&mut connection, &mut peer, &script).await;
    assert_eq!(answer.fill_buf().await.unwrap(), b"one\ntw");
    assert_eq!(answer.fill_buf().await.unwrap(), b"one\ntw");
    assert_eq!(answer.read_u8().await.unwrap(), b'o');
    let mut lines = answer.lines();
    for line in ["ne", "two", "three"] {
        assert_eq!(lines.next_line().await.unwrap().as_deref(), Some(line));
    }
    assert_eq!(lines.next_line().await.unwrap(), None);
    assert_eq!(lines.into_inner().chunk().await.unwrap(), None);

    let mut answer = got(&mut connection, &mut peer, &script).await;
    assert_eq!(answer.chunk().await.unwrap().unwrap(), "one\ntw");
    assert_eq!(answer.bytes(99).await.unwrap(), "o\nthree");
    let script = HI.replace("hi", "[]");
    let mut answer = got(&mut connection, &mut peer, script).await;
    assert!(answer.json::<Vec<u8>>().await.unwrap().is_empty());
}

/// C55: memory grows with what comes, and not with what is announced.
#[tokio::test]
async fn announcements() {
    let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\nhi", u64::MAX);
    let fault = last_words(&head).await.unwrap_err();
    assert_eq!(fault.kind(), FaultKind::Incomplete { received: 2, expected: Some(u64::MAX) });
    let (mut connection, mut peer) = talk();
    let mut answer = got(&mut connection, &mut peer, HI).await;
    assert_eq!(answer.bytes(1).await.unwrap_err().kind(), FaultKind::TooLarge);
}

/// C58, C59, C61: chunks are sizes in hex digits, CR LF, bytes and CR LF, up to the empty line.
#[tokio::test]
async fn chunks() {
    let coded =
        |content: &str| format!("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n{content}");
    for good in [
        "2\r\nhi\r\n0\r\n\r\n",
        "02\r\nhi\r\n00\r\n\r\n",
        "2;a=b;c=\"d\"\r\nhi\r\n0\r\n\r\n",
        "2 \r\nhi\r\n0\r\n\r\n",
    ] {
        assert_eq!(last_words(coded(good)).await.unwrap(), b"hi", "{good:?}");
    }
    for bad in [
        "+2\r\nhi",
        "0x2\r\nhi",
        "1_0\r\nhi",
        " 2\r\nhi",
        "2\nhi",
        "fffffffffffffffff\r\nhi",
        "\r\nhi",
        "2\r\nhiXX0\r\n\r\n",
        "2;a\rb\r\nhi",
        "2;a\nhi",
    ] {
        let fault = last_words(coded(bad)).await.unwrap_err();
        assert_eq!(fault.kind(), FaultKind::Malformed, "{bad:?}: {fault}");
        assert_eq!(fault.protocol(), Some(ErrorKind::BadChunk), "{bad:?}: {fault}");
    }
    let fault = last_words(coded("2\r\nhi\r\n0\r\n")).await.unwrap_err();
    assert!(matches!(fault.kind(), FaultKind::Incomplete { .. }));
}

/// C60: trailers come at the end, bounded, and are no fields of the head.
#[tokio::test]
async fn trailers() {
    let (mut connection, mut peer) = talk();
    let script = chunked(&["hi"], "0\r\nx-sum: 1\r\n\r\n");
    let mut answer = got(&mut connection, &mut peer, script).await;
    assert!(answer.trailers().is_none());
    assert_eq!(answer.text().await.unwrap(), "hi");
    assert_eq!(answer.trailers().unwrap()["x-sum"], "1");
    assert!(!answer.fields().contains("x-sum"));
    let many = chunked(&[], &format!("0\r\n{}\r\n", "a: b\r\n".repeat(101)));
    let fault = last_words(many).await.unwrap_err();
    assert_eq!(fault.protocol(), Some(ErrorKind::TooManyTrailers { limit: 100 }));
}

/// C56: after 101 and after a tunnel was opened the wire is ours, with what has come already.
#[tokio::test]
async fn upgrades() {
    let upgrade = || with(with(get("/"), "connection", "upgrade"), "upgrade", "echo");
    let switched = "HTTP/1.1 101 Switching\r\nconnection: upgrade\r\nupgrade: echo\r\n\r\nfirst";
    let tunnelled = "HTTP/1.1 200 Fine\r\ncontent-length: 9\r\n\r\nfirst";
    for (request, script) in
        [(upgrade(), switched), (Request::new(Method::CONNECT, "b:443"), tunnelled)]
    {
        let (mut connection, mut peer) = talk();
        let (_, answer) = ask(&mut connection, &mut peer, request, script).await;
        let mut wire = answer.unwrap().upgrade().await.unwrap();
        let mut first = [0; 5];
        wire.read_exact(&mut first).await.unwrap();
        assert_eq!(&first, b"first");
        wire.write_all(b"then").await.unwrap();
        assert_eq!(peer.hear(99).await, "then");
        assert!(!connection.is_open());
    }
    let (mut connection, mut peer) = talk();
    let (_, answer) = ask(&mut connection, &mut peer, upgrade(), HI).await;
    let fault = answer.unwrap().upgrade().await.unwrap_err();
    assert_eq!(fault.kind(), FaultKind::NotUpgraded);
    let (mut connection, mut peer) = talk();
    let (_, answer) = ask(&mut connection, &mut peer, get("/"), switched).await;
    assert_eq!(answer.unwrap_err().protocol(), Some(ErrorKind::UnaskedSwitch));
}

/// C64: every status has its words.
#[tokio::test]
async fn statuses() {
    use counterpart::text::reason;
    for (code, phrase) in [
        (103, "Early Hints"),
        (421, "Misdirected Request"),
        (425, "Too Early"),
        (451, "Unavailable For Legal Reasons"),
    ] {
        let status = StatusCode::from_u16(code).unwrap();
        assert_eq!(reason::phrase(status), phrase);
        assert!(!reason::description(status).is_empty());
    }
    assert!(StatusCode::IM_A_TEAPOT.is_client_error());
}
