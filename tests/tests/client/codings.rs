//! Codings of content: undone whole or not at all, and never beyond their bounds.

use std::pin::Pin;
use std::task::{Context, Poll};

use async_compression::tokio::write::{
    BrotliEncoder, DeflateEncoder, GzipEncoder, ZlibEncoder, ZstdEncoder,
};
use bytes::Bytes;
use counterpart::client::{Client, Codings, OwnedAnswer};
use counterpart::http::{HeaderValue, Method, StatusCode, header};
use counterpart::service::FaultKind;
use counterpart::{Body, Fault, Request, Response, Service};
use futures_core::Stream;
use tokio::io::AsyncWriteExt;

use super::peer::{Peer, to};

const NAMES: [&str; 5] = ["gzip", "deflate", "raw deflate", "br", "zstd"];

async fn coded(name: &str, plain: &[u8]) -> Bytes {
    macro_rules! encoded {
        ($encoder:ident) => {{
            let mut encoder = $encoder::new(Vec::new());
            encoder.write_all(plain).await.unwrap();
            encoder.shutdown().await.unwrap();
            encoder.into_inner().into()
        }};
    }
    match name {
        "gzip" => encoded!(GzipEncoder),
        "deflate" => encoded!(ZlibEncoder),
        "raw deflate" => encoded!(DeflateEncoder),
        "br" => encoded!(BrotliEncoder),
        _ => encoded!(ZstdEncoder),
    }
}

fn answer(name: &str, body: impl Into<Body>) -> Response {
    let name = name.trim_start_matches("raw ");
    Response::new(StatusCode::OK)
        .with_field(header::CONTENT_ENCODING, HeaderValue::from_str(name).unwrap())
        .with_body(body)
}

/// What a client makes of content that is called coded.
async fn fetched(name: &'static str, content: impl Into<Bytes>) -> Result<OwnedAnswer, Fault> {
    let content = content.into();
    let peer = Peer::new(move |_| answer(name, content.clone())).await;
    Client::new(&peer.url).unwrap().get("/").send().await
}

async fn read(name: &'static str, content: impl Into<Bytes>) -> Result<Bytes, Fault> {
    fetched(name, content).await?.bytes(u64::MAX).await
}

/// C12: the codings that can be undone are asked for, and are undone.
#[tokio::test]
async fn content_comes_plain() {
    let plain = "plain ".repeat(100_000);
    for name in NAMES {
        let content = coded(name, plain.as_bytes()).await;
        let peer = Peer::new(move |_| answer(name, content.clone())).await;
        let mut fetched = Client::new(&peer.url).unwrap().get("/").send().await.unwrap();
        assert_eq!(peer.last().fields.get_str("accept-encoding"), Some("gzip, deflate, br, zstd"));
        assert_eq!(fetched.header("content-encoding"), None);
        assert_eq!((fetched.header("content-length"), fetched.length()), (None, None));
        assert_eq!(fetched.text().await.unwrap(), plain, "{name}");
    }
}

/// Bytes, each of them a piece.
struct Bytewise(Bytes);

impl Stream for Bytewise {
    type Item = Result<Bytes, std::io::Error>;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let rest = &mut self.0;
        Poll::Ready((!rest.is_empty()).then(|| Ok(rest.split_to(1))))
    }
}

#[tokio::test]
async fn content_comes_in_any_pieces() {
    let plain = b"a little, a little more, and a little more of it".repeat(20);
    for name in NAMES {
        let content = coded(name, &plain).await;
        let peer =
            Peer::new(move |_| answer(name, Body::from_stream(Bytewise(content.clone())))).await;
        let mut fetched = Client::new(&peer.url).unwrap().get("/").send().await.unwrap();
        assert_eq!(fetched.bytes(u64::MAX).await.unwrap(), plain, "{name}");
    }
}

/// C03: coded content that stops anywhere is an error, though the message is whole.
#[tokio::test]
async fn what_is_cut_short_is_never_taken_for_whole() {
    for name in NAMES {
        let content = coded(name, b"content that is cut short, content that is cut short").await;
        for end in 1..content.len() {
            let fault = read(name, content.slice(..end)).await.unwrap_err();
            let known = matches!(fault.kind(), FaultKind::Incomplete { .. } | FaultKind::Decode);
            assert!(known, "{name} cut at {end} of {}: {fault}", content.len());
        }
    }
}

#[tokio::test]
async fn what_is_no_such_coding_is_an_error() {
    for name in NAMES {
        let fault = read(name, &b"this is not coded at all"[..]).await.unwrap_err();
        assert!(matches!(fault.kind(), FaultKind::Decode), "{name}: {fault}");
        let content = [&coded(name, b"some").await[..], b"more"].concat();
        let fault = read(name, content).await.unwrap_err();
        assert!(matches!(fault.kind(), FaultKind::Decode), "{name}: {fault}");
        assert_eq!(read(name, "").await.unwrap(), "", "{name}");
    }
    // What was packed in parts is one.
    let parts = [coded("gzip", b"one, ").await, coded("gzip", b"two").await].concat();
    assert_eq!(read("gzip", parts).await.unwrap(), "one, two");
    let mut broken = coded("gzip", b"a checksum").await.to_vec();
    let last = broken.len() - 8;
    broken[last] ^= 1;
    assert_eq!(read("gzip", broken).await.unwrap_err().kind(), FaultKind::Decode);
}

/// C07: at most one coding is undone, and one that nobody knows is left as it came.
#[tokio::test]
async fn one_coding_is_undone() {
    let content = coded("gzip", &coded("gzip", b"twice").await).await;
    let fault = fetched("gzip, gzip", content).await.unwrap_err();
    assert_eq!(fault.kind(), FaultKind::Decode);
    let mut left = fetched("aws-chunked", "as it came").await.unwrap();
    assert_eq!(left.header("content-encoding"), Some("aws-chunked"));
    assert_eq!(left.text().await.unwrap(), "as it came");
    assert_eq!(read("identity", "as it came").await.unwrap(), "as it came");
    assert_eq!(read("X-GZIP", coded("gzip", b"old").await).await.unwrap(), "old");
}

#[tokio::test]
async fn nothing_is_undone_that_was_not_asked_for() {
    let content = coded("gzip", b"plain").await;
    let peer = {
        let content = content.clone();
        Peer::new(move |_| answer("gzip", content.clone())).await
    };
    let client = Client::new(&peer.url).unwrap();
    for sending in [
        client.get("/").header("accept-encoding", "gzip"),
        client.get("/").header("range", "bytes=0-9"),
        client.get("/").codings(Codings::none()),
    ] {
        let mut fetched = sending.send().await.unwrap();
        assert_eq!(fetched.header("content-encoding"), Some("gzip"));
        assert_eq!(fetched.bytes(100).await.unwrap(), content);
    }
    let head = client.head("/").send().await.unwrap();
    assert_eq!(head.header("content-encoding"), Some("gzip"));
    // Generated clients' calls ask for nothing, unless it is set.
    let call = async |client: &Client| {
        let response = client.call(Request::new(Method::GET, "/")).await.unwrap();
        response.body.collect(100).await.unwrap()
    };
    assert_eq!(call(&client).await, content);
    assert_eq!(call(&client.with_codings(Codings::default())).await, "plain");
}

/// C07: content that grows beyond its bounds is given up, also where it is only in a redirection.
#[tokio::test]
async fn a_bomb_does_not_go_off() {
    let plain = vec![0; 8 << 20];
    for name in NAMES {
        let content = coded(name, &plain).await;
        let fault = read(name, content.clone()).await.unwrap_err();
        assert_eq!(fault.kind(), FaultKind::TooLarge, "{name}: {fault}");
        let peer = Peer::new(move |seen| match seen.line.as_str() {
            "GET /end" => answer(name, content.clone()),
            _ => {
                let coding = HeaderValue::from_static(name.trim_start_matches("raw "));
                to(302, "/end")
                    .with_field(header::CONTENT_ENCODING, coding)
                    .with_body(content.clone())
            }
        })
        .await;
        let client = Client::new(&peer.url).unwrap();
        let codings = Codings::default().max_ratio(u64::MAX);
        let mut fetched = client.get("/").codings(codings).send().await.unwrap();
        assert_eq!(fetched.bytes(u64::MAX).await.unwrap().len(), plain.len());
        let codings = codings.max_decoded(8_000_000);
        let mut fetched = client.get("/").codings(codings).send().await.unwrap();
        let fault = fetched.bytes(u64::MAX).await.unwrap_err();
        assert!(fault.to_string().contains("max_decoded"), "{fault}");
    }
}
