//! What a request is on the wire.

use counterpart::client::{Connector, Length};
use counterpart::http::{HeaderName, HeaderValue, Method, StatusCode, Version};
use counterpart::service::FaultKind;
use counterpart::{Body, Request};

use super::house::*;

/// The head that travels for this request.
async fn sent(request: Request) -> String {
    sent_by(&Connector::new(), request).await
}

async fn sent_by(connector: &Connector, request: Request) -> String {
    let (mut connection, mut peer) = talk_by(connector);
    ask(&mut connection, &mut peer, request, HI).await.0
}

async fn refused(request: Request) -> String {
    let (mut connection, mut peer) = talk();
    let fault = connection.send(request).await.unwrap_err();
    assert_eq!(fault.kind(), FaultKind::InvalidRequest, "{fault}");
    // Nothing was sent, and the connection is as good as before.
    let mut answer = got(&mut connection, &mut peer, HI).await;
    assert_eq!(answer.text().await.unwrap(), "hi");
    fault.to_string()
}

/// C11, C12: `Host` comes first and no coding is wanted, unless the request says otherwise.
#[tokio::test]
async fn the_fields_that_go_without_saying() {
    assert_eq!(
        sent(with(get("/a?b"), "x-y", "z")).await,
        "GET /a?b HTTP/1.1\r\nhost: localhost\r\nx-y: z\r\naccept-encoding: identity\r\n\r\n"
    );
    let own = with(with(get("/"), "host", "b"), "accept-encoding", "gzip");
    assert_eq!(sent(own).await, "GET / HTTP/1.1\r\nhost: b\r\naccept-encoding: gzip\r\n\r\n");
    let absolute = sent(get("http://b:81/c?d")).await;
    assert!(absolute.starts_with("GET http://b:81/c?d HTTP/1.1\r\nhost: b:81\r\n"), "{absolute}");
    let connect = sent(Request::new(Method::CONNECT, "b:443")).await;
    assert!(connect.starts_with("CONNECT b:443 HTTP/1.1\r\nhost: b:443\r\n"), "{connect}");
}

/// C11: no `Host` but one's own, where that is wished.
#[tokio::test]
async fn a_host_field_of_ones_own() {
    let connector = Connector::new().host_field(false);
    let (mut connection, _peer) = talk_by(&connector);
    let fault = connection.send(get("/")).await.unwrap_err();
    assert_eq!(fault.kind(), FaultKind::InvalidRequest);
    let head = sent_by(&connector, with(get("/"), "host", "b")).await;
    assert!(head.contains("\r\nhost: b\r\n"));
}

/// C6: a target that would end its line, or is no ASCII, is refused; raw targets too.
#[tokio::test]
async fn targets() {
    for target in ["/a b", "/a\r\nx: y", "/\0", "/\x7f", "/ü", "", " /"] {
        refused(get(target)).await;
    }
    assert!(sent(get("/%C3%BC?a=%20")).await.starts_with("GET /%C3%BC?a=%20 HTTP/1.1\r\n"));
}

/// C7: a method is a token, and its type holds to that.
#[tokio::test]
async fn methods() {
    for text in ["GE T", "G<T", "G\r\n", "G\0", "", "GÉT"] {
        assert!(Method::from_bytes(text.as_bytes()).is_err(), "{text:?}");
    }
    let own = Request::new("M-SEARCH".parse().unwrap(), "/");
    assert!(sent(own).await.starts_with("M-SEARCH / HTTP/1.1\r\n"));
}

/// C8, C9: names are tokens, and no value ends its line; their types hold to that.
#[tokio::test]
async fn names_and_values() {
    for name in ["Key Space", "key ", "k\u{a0}y", "k:y", "", "k\r\n"] {
        assert!(HeaderName::from_bytes(name.as_bytes()).is_err(), "{name:?}");
    }
    for value in [&b"a\r\n b"[..], b"a\rb", b"a\nb", b"a\0b", b"a\x01b", b"a\x7fb"] {
        assert!(HeaderValue::from_bytes(value).is_err(), "{value:?}");
    }
}

/// C10: several values are several fields, never one that is folded; bytes over 7F travel as they are.
#[tokio::test]
async fn several_values() {
    let request = with(with(get("/"), "x-a", "1"), "x-a", "2");
    assert!(sent(request).await.contains("\r\nx-a: 1\r\nx-a: 2\r\n"));
    let latin = HeaderValue::from_bytes(b"caf\xe9").unwrap();
    let request = get("/").with_field(HeaderName::from_static("x-a"), latin);
    let (mut connection, _peer) = talk();
    assert!(matches!(
        tokio::time::timeout(std::time::Duration::ZERO, connection.send(request)).await,
        Err(_elapsed)
    ));
}

/// C13: which requests tell the length of no content, and of empty content.
#[tokio::test]
async fn lengths_of_nothing() {
    for (method, told) in [
        (Method::POST, true),
        (Method::PUT, true),
        (Method::PATCH, true),
        (Method::GET, false),
        (Method::HEAD, false),
        (Method::DELETE, false),
        (Method::OPTIONS, false),
        (Method::TRACE, false),
    ] {
        let head = sent(Request::new(method.clone(), "/")).await;
        assert_eq!(head.contains("\r\ncontent-length: 0\r\n"), told, "{head}");
        let head = sent(Request::new(method, "/").with_body("")).await;
        assert!(head.contains("\r\ncontent-length: 0\r\n"), "{head}");
    }
    assert!(sent(get("/").with_body("abc")).await.contains("\r\ncontent-length: 3\r\n"));
}

/// C14: a length that is not the content's is refused before anything is sent.
#[tokio::test]
async fn a_length_of_ones_own() {
    let said = refused(with(post("four"), "content-length", "42")).await;
    assert!(said.contains("does not have the length its head declared"), "{said}");
    let head = sent(with(post("four"), "content-length", "4")).await;
    assert_eq!(head.matches("content-length").count(), 1);
}

/// C16: how content is framed is not settled by a field.
#[tokio::test]
async fn no_coding_of_ones_own() {
    let head = sent(with(post("four"), "transfer-encoding", "chunked")).await;
    assert!(head.contains("\r\ncontent-length: 4\r\n") && !head.contains("transfer"), "{head}");
}

/// C17: HTTP/1.0 has no `Host` unless it is given, and no chunks.
#[tokio::test]
async fn http_1_0() {
    let old = |mut request: Request| {
        request.head.version = Version::HTTP_10;
        request
    };
    let head = sent(old(get("/"))).await;
    assert_eq!(head, "GET / HTTP/1.0\r\naccept-encoding: identity\r\n\r\n");
    assert!(sent(old(post("abc"))).await.contains("content-length: 3"));
    let (_inlet, unknown) = Body::fed(None);
    assert!(refused(old(post(unknown))).await.contains("HTTP/1.0 knows no chunks"));
    let (mut connection, _peer) = talk();
    let fault = connection.start(old(post("")), Length::Unknown).await.unwrap_err();
    assert_eq!(fault.kind(), FaultKind::InvalidRequest);
}

/// C24: a head and its content leave in one write.
#[tokio::test]
async fn one_write() {
    for length in [1, 1000, 100_000] {
        let (mut connection, mut peer) = talk();
        let body = "x".repeat(length);
        let (answered, heard) = tokio::join!(connection.send(post(body)), async {
            let heard = peer.hear(1 << 20).await;
            peer.say(HI).await;
            heard
        });
        assert_eq!(answered.unwrap().status(), StatusCode::OK);
        let (head, body) = heard.split_once("\r\n\r\n").unwrap();
        assert!(head.starts_with("POST / "));
        // A pipe in memory takes one piece of several; what is small is one piece with its head.
        assert!(body.len() == length || length > 16 * 1024, "{}", body.len());
    }
}
