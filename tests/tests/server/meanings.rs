//! What answers mean on the wire: each status and field as RFC 9110 has it, whatever a service says.

use counterpart::http::{HeaderName, StatusCode, header};
use counterpart::prelude::*;
use counterpart::service::{FaultKind, from_fn};
use counterpart::{Fault, Service};

use super::house::Peer;

/// What a service answers to `GET /`, as it stands on the wire; the peer then ends.
async fn wire(service: impl Service, request: &str) -> String {
    let mut peer = Peer::of(service);
    peer.say(request).await;
    peer.end().await;
    peer.hear_all().await
}

const GET: &str = "GET / HTTP/1.1\r\nhost: a\r\n\r\n";

/// S16: a service closes by saying so.
#[tokio::test]
async fn a_service_can_close() {
    let closing = from_fn(async |_: Request| {
        let close = HeaderValue::from_static("close");
        Ok(Response::new(StatusCode::OK).with_field(header::CONNECTION, close))
    });
    let answer = wire(closing, &GET.repeat(2)).await;
    assert_eq!(answer.matches("HTTP/1.1 ").count(), 1, "{answer}");
    assert_eq!(answer.matches("connection: close").count(), 1, "{answer}");
}

/// S21: any code; one that nobody knows has no phrase. One date, which a service may set itself.
#[tokio::test]
async fn any_status_and_one_date() {
    let answer = wire(
        from_fn(async |_: Request| Ok(Response::new(StatusCode::from_u16(999).unwrap()))),
        GET,
    )
    .await;
    assert!(answer.starts_with("HTTP/1.1 999 \r\ndate: "), "{answer}");
    let dated = from_fn(async |_: Request| {
        let then = HeaderValue::from_static("Sun, 06 Nov 1994 08:49:37 GMT");
        Ok(Response::new(StatusCode::OK).with_field(header::DATE, then))
    });
    let answer = wire(dated, GET).await;
    assert!(answer.contains("\r\ndate: Sun, 06 Nov 1994 08:49:37 GMT\r\n"), "{answer}");
    assert_eq!(answer.matches("date: ").count(), 1, "{answer}");
}

/// S22, T58: no value can end its line, so none can begin another.
#[tokio::test]
async fn nothing_that_is_reflected_splits_an_answer() {
    for name in ["location", "set-cookie", "content-disposition", "x-custom"] {
        for evil in ["a\r\nx-evil: 1", "a\nx-evil: 1", "a\rx-evil: 1", "a\0b"] {
            assert!(HeaderValue::from_str(evil).is_err(), "{name}: {evil:?}");
        }
    }
    assert!(HeaderName::from_bytes(b"x\r\ny").is_err());
    let reflecting = from_fn(async |request: Request| {
        let query = request.query().unwrap_or_default();
        let value =
            HeaderValue::from_str(query).map_err(|error| Fault::new(FaultKind::Content, error))?;
        Ok(Response::new(StatusCode::FOUND).with_field(header::LOCATION, value))
    });
    let answer = wire(reflecting, "GET /?a%0d%0ax-evil:1 HTTP/1.1\r\nhost: a\r\n\r\n").await;
    assert!(answer.contains("\r\nlocation: a%0d%0ax-evil:1\r\n"), "{answer}");
}

/// S23, S33, T69: what has no content says none, and what has some says how long it is.
#[tokio::test]
async fn content_stands_where_it_may_and_is_framed() {
    let by_query = || {
        from_fn(async |request: Request| {
            let status =
                StatusCode::from_bytes(request.query().unwrap_or_default().as_bytes()).unwrap();
            Ok(Response::new(status).with_body("content"))
        })
    };
    for (method, status, length, body) in [
        ("GET", 200, Some(7), "content"),
        ("HEAD", 200, Some(7), ""),
        ("GET", 404, Some(7), "content"),
        ("HEAD", 404, Some(7), ""),
        ("GET", 204, None, ""),
        ("GET", 304, Some(7), ""),
        ("HEAD", 304, Some(7), ""),
    ] {
        let answer =
            wire(by_query(), &format!("{method} /?{status} HTTP/1.1\r\nhost: a\r\n\r\n")).await;
        let (head, content) = answer.split_once("\r\n\r\n").unwrap();
        assert_eq!(content, body, "{method} {status}");
        let said = head
            .split("\r\ncontent-length: ")
            .nth(1)
            .map(|rest| rest.split("\r\n").next().unwrap());
        assert_eq!(said.map(|n| n.parse().unwrap()), length, "{method} {status}: {head}");
        assert!(!head.contains("transfer-encoding"), "{head}");
    }
}

#[get("/things/{id}")]
async fn thing(id: u32) -> String {
    id.to_string()
}

#[put("/things/{id}")]
async fn put_thing(id: u32) -> NoContent {
    let _ = id;
    NoContent
}

api!(Things: thing, put_thing);

/// S5, S11, S30, S31, S32, S34, S55, S57, T69: methods and targets, on an app that is served; a script is a path like
/// any other.
#[tokio::test]
async fn methods_and_targets_are_understood() {
    let app = || {
        App::new()
            .mount(Things)
            .around(async |request, next: Next| next.run(request).await)
            .assemble()
            .unwrap()
    };
    for (line, status, field) in [
        ("GET /things/1", 200, ""),
        ("GET http://elsewhere/things/1", 200, ""),
        ("HEAD /things/1", 200, "content-length: 3"),
        ("OPTIONS /things/1", 204, "allow: GET, HEAD, OPTIONS, PUT"),
        ("OPTIONS *", 204, ""),
        ("DELETE /things/1", 405, "allow: GET, HEAD, OPTIONS, PUT"),
        ("BREW /things/1", 405, "allow: "),
        ("get /things/1", 405, "allow: "),
        ("GET /things/%31", 200, ""),
        ("GET /things/%ff", 400, ""),
        ("GET /things/%zz", 400, ""),
        ("GET /nothing", 404, ""),
        ("GET //evil.com/%2e%2e", 404, ""),
        ("GET //things/1", 404, ""),
        ("PUT /things/1", 204, ""),
        ("GET /cgi-bin/things", 404, ""),
    ] {
        let answer = wire(app(), &format!("{line} HTTP/1.1\r\nhost: a\r\n\r\n")).await;
        assert!(answer.starts_with(&format!("HTTP/1.1 {status} ")), "{line}: {answer}");
        assert!(answer.contains(field), "{line}: {answer}");
        assert!(!answer.contains("\r\nlocation:"), "{line}: {answer}");
    }
}

/// S4, T70: ten thousand panics, and nothing is lost.
#[tokio::test]
async fn panics_are_answered_each_time() {
    let mut peer = Peer::new();
    for _ in 0..100 {
        peer.say("GET /panic/quietly HTTP/1.1\r\nhost: a\r\n\r\n".repeat(100)).await;
        for _ in 0..100 {
            assert!(peer.hear_until("}").await.starts_with("HTTP/1.1 500 "));
        }
    }
    peer.say("GET /hello HTTP/1.1\r\nhost: a\r\n\r\n").await;
    assert!(peer.hear_until("hello").await.starts_with("HTTP/1.1 200 "));
}
