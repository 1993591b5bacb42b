//! Requests as they are put together, and what answers give.

use std::time::Duration;

use counterpart::client::{Client, get};
use counterpart::http::{HeaderValue, Method, Version, header};
use counterpart::service::{FaultKind, Phase};
use counterpart::{Body, Request, Response, Service};
use tokio::io::AsyncBufReadExt;
use tokio::net::TcpListener;

use super::peer::{Peer, field, ok};

/// C6, C13: a request is what was put together, percent-encoded where it has to be.
#[tokio::test]
async fn a_request_is_what_was_put_together() {
    let peer = Peer::new(|_| ok("")).await;
    let client = Client::new(&format!("{}/v1/", peer.url)).unwrap();
    let sending = client.post("/u\u{fc}/a b?x=1#part").query(&[("q", "a b"), ("r", "&")]);
    let sending = sending.header("x-a", "1").header("x-a", "2").basic_auth("u", Some("p"));
    sending.json(&["x"]).send().await.unwrap();
    let seen = peer.last();
    assert_eq!(seen.line, "POST /v1/u%C3%BC/a%20b?x=1&q=a+b&r=%26");
    assert_eq!(seen.fields.get_joined("x-a").unwrap(), "1, 2");
    assert_eq!(seen.fields.get_str("authorization"), Some("Basic dTpw"));
    assert_eq!(seen.fields.get_str("content-type"), Some("application/json"));
    assert_eq!(seen.fields.get_str("content-length"), Some("5"));
    assert_eq!(seen.fields.get_str("user-agent"), None);
    assert_eq!(seen.body, r#"["x"]"#);

    client.put("/").form(&[("a", "b c")]).bearer("t").send().await.unwrap();
    assert_eq!(peer.last().body, "a=b+c");
    assert_eq!(peer.last().fields.get_str("authorization"), Some("Bearer t"));
    client.patch("/").text("\u{e9}").send().await.unwrap();
    assert_eq!(peer.last().fields.get_str("content-type"), Some("text/plain; charset=utf-8"));
    client.delete("/").send().await.unwrap();
    assert_eq!(peer.last().fields.get_str("content-length"), None);
    client.request(Method::POST, "/").version(Version::HTTP_10).send().await.unwrap();
    assert_eq!(peer.last().fields.get_str("content-length"), Some("0"));
}

#[tokio::test]
async fn a_whole_url_is_called_where_it_says() {
    let (here, there) = (Peer::new(|_| ok("here")).await, Peer::new(|_| ok("there")).await);
    let client = Client::new(&format!("{}/v1", here.url)).unwrap();
    let mut answer = client.get(format!("{}?a", there.url)).send().await.unwrap();
    assert_eq!(answer.text().await.unwrap(), "there");
    assert_eq!((there.last().line.as_str(), here.seen().len()), ("GET /?a", 0));
    assert_eq!(get(&there.url).await.unwrap().text().await.unwrap(), "there");
}

/// C2, C6, C63: what cannot be sent is told with its URL, and without what is secret.
#[tokio::test]
async fn what_cannot_be_sent_is_told() {
    let client = Client::default();
    for (sending, kind, word) in [
        (client.get("/users"), FaultKind::InvalidUrl, "names no server"),
        (client.get("users"), FaultKind::InvalidUrl, "no scheme"),
        (client.get("file:///etc/passwd"), FaultKind::InvalidUrl, "scheme"),
        (client.get("http://a/\r\nX: y"), FaultKind::InvalidUrl, "control character"),
        (client.get("http://u:secret@a/"), FaultKind::InvalidUrl, "password"),
        (client.get("http://a/").header("a b", "c"), FaultKind::InvalidRequest, "name of a field"),
        (
            client.get("http://a/").header("a", "b\nc"),
            FaultKind::InvalidRequest,
            "value of a field",
        ),
        (client.get("http://a/").basic_auth("a:b", Some("secret")), FaultKind::InvalidRequest, ":"),
        (client.get("http://a/").query(&1), FaultKind::InvalidRequest, "query"),
    ] {
        let fault = sending.json(&1).send().await.unwrap_err();
        assert_eq!(fault.kind(), kind, "{fault}");
        let said = fault.to_string();
        assert!(said.contains(word) && said.contains("(GET "), "{said}");
        assert!(!said.contains("secret"), "{said}");
    }
}

#[tokio::test]
async fn content_is_read_in_many_ways() {
    let peer = Peer::new(|seen| match seen.line.as_str() {
        "GET /json" => ok("[1,2]"),
        "GET /latin1" => Response::new(counterpart::http::StatusCode::OK)
            .with_field(
                header::CONTENT_TYPE,
                HeaderValue::from_static("text/plain; charset=latin1"),
            )
            .with_body(&b"\xe9"[..]),
        "GET /lines" => ok("a\nb\n"),
        _ => Response::new(counterpart::http::StatusCode::NOT_FOUND),
    })
    .await;
    let client = Client::new(&peer.url).unwrap();
    let answer = async |path: &str| client.get(path).send().await.unwrap();
    assert_eq!(answer("/json").await.json::<Vec<u8>>().await.unwrap(), [1, 2]);
    assert_eq!(answer("/latin1").await.text().await.unwrap(), "\u{e9}");
    let mut lines = answer("/lines").await.lines();
    assert_eq!(lines.next_line().await.unwrap().unwrap(), "a");
    assert_eq!(lines.next_line().await.unwrap().unwrap(), "b");
    assert_eq!(lines.next_line().await.unwrap(), None);
    let mut copy = Vec::new();
    assert_eq!(answer("/json").await.copy_to(&mut copy).await.unwrap(), 5);
    assert_eq!(copy, b"[1,2]");

    let fault = answer("/json").await.json::<String>().await.unwrap_err();
    assert!(fault.is_decode() && fault.url() == Some(&format!("{}/json", peer.url)), "{fault}");
    assert_eq!(answer("/json").await.bytes(4).await.unwrap_err().kind(), FaultKind::TooLarge);
    assert_eq!(answer("/json").await.error_for_status().unwrap().length(), Some(5));
    let fault = answer("/none").await.error_for_status().unwrap_err();
    assert_eq!(fault.status().unwrap(), 404);
}

#[tokio::test]
async fn a_bound_holds_for_what_is_read_as_it_comes() {
    let peer = Peer::new(|_| ok("12345")).await;
    let client = Client::new(&peer.url).unwrap().with_max_body(4);
    let fault = client.get("/").send().await.unwrap().chunk().await.unwrap_err();
    assert_eq!(fault.kind(), FaultKind::TooLarge);
    let mut answer = client.get("/").max_body(5).send().await.unwrap();
    assert_eq!(answer.chunk().await.unwrap().unwrap(), "12345");
}

/// C02: what is set on a client for its own server goes to no other.
#[tokio::test]
async fn credentials_of_a_client_are_for_its_own_server() {
    let (here, there) = (Peer::new(|_| ok("")).await, Peer::new(|_| ok("")).await);
    let (name, value) = field("x-app", "me");
    let client = Client::new(&here.url).unwrap().with_header(name, value);
    let client = client.with_basic_auth("u", "p").unwrap();
    client.get("/").send().await.unwrap();
    client.get(&there.url).send().await.unwrap();
    assert_eq!(here.last().fields.get_str("authorization"), Some("Basic dTpw"));
    assert_eq!(there.last().fields.get_str("authorization"), None);
    assert_eq!(there.last().fields.get_str("x-app"), Some("me"));
    client.get("/").bearer("other").send().await.unwrap();
    assert_eq!(here.last().fields.get_joined("authorization").unwrap(), "Bearer other");

    // A client without a server of its own gives them to whom it is told to call.
    let client = Client::default().with_bearer("t").unwrap();
    client.get(&there.url).send().await.unwrap();
    assert_eq!(there.last().fields.get_str("authorization"), Some("Bearer t"));
    // A generated client's calls carry them too.
    let client = Client::new(&here.url).unwrap().with_bearer("t").unwrap();
    client.call(Request::new(Method::GET, "/")).await.unwrap();
    assert_eq!(here.last().fields.get_str("authorization"), Some("Bearer t"));
}

#[tokio::test]
async fn a_stream_is_sent_as_it_comes() {
    let peer = Peer::new(|seen| ok(seen.body.clone())).await;
    let client = Client::new(&peer.url).unwrap();
    let content = Body::from_reader(&b"from a reader"[..]);
    let mut answer = client.post("/").body(content).send().await.unwrap();
    assert_eq!(answer.text().await.unwrap(), "from a reader");
    assert_eq!(peer.last().fields.get_str("transfer-encoding"), Some("chunked"));
}

#[tokio::test(start_paused = true)]
async fn a_call_is_over_in_time() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let client = Client::new(&format!("http://{}", listener.local_addr().unwrap())).unwrap();
    let fault = client.get("/").timeout(Duration::from_secs(3)).send().await.unwrap_err();
    assert_eq!(fault.kind(), FaultKind::Timeout(Phase::Total));
}
