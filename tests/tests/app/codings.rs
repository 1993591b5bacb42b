//! Codings of content, by the layers that people bring.

use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};

use async_compression::tokio::write::{BrotliEncoder, GzipEncoder, ZlibEncoder, ZstdEncoder};
use bytes::Bytes;
use counterpart::prelude::*;
use futures_core::Stream;
use tokio::io::AsyncWriteExt;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{DefaultPredicate, NotForContentType, Predicate};
use tower_http::decompression::RequestDecompressionLayer;

#[post("/length")]
async fn length(body: Bytes) -> usize {
    body.len()
}

#[get("/page")]
async fn page() -> String {
    "compressible ".repeat(1000)
}

/// What an attacker's own text stands beside, and so is not compressed.
#[get("/secret")]
async fn secret() -> Response {
    let kind = HeaderValue::from_static("text/x-secret");
    let answer = Response::new(StatusCode::OK).with_body("compressible ".repeat(1000));
    answer.with_field(http::header::CONTENT_TYPE, kind)
}

#[get("/endless")]
async fn endless() -> Response {
    OPEN.fetch_add(1, Ordering::Relaxed);
    Response::new(StatusCode::OK).with_body(Body::from_stream(Endless(1)))
}

static OPEN: AtomicUsize = AtomicUsize::new(0);

/// Pieces without end, which no coding makes smaller; tells when it is dropped.
struct Endless(u64);

impl Stream for Endless {
    type Item = Result<Vec<u8>, std::io::Error>;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let next = |_| {
            self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            (self.0 >> 56) as u8
        };
        Poll::Ready(Some(Ok((0..4096).map(next).collect())))
    }
}

impl Drop for Endless {
    fn drop(&mut self) {
        OPEN.fetch_sub(1, Ordering::Relaxed);
    }
}

api!(Pages: length, page, secret, endless);

async fn coded(name: &str, plain: &[u8]) -> Vec<u8> {
    macro_rules! encoded {
        ($encoder:ident) => {{
            let mut encoder = $encoder::new(Vec::new());
            encoder.write_all(plain).await.unwrap();
            encoder.shutdown().await.unwrap();
            encoder.into_inner()
        }};
    }
    match name {
        "gzip" => encoded!(GzipEncoder),
        "deflate" => encoded!(ZlibEncoder),
        "br" => encoded!(BrotliEncoder),
        _ => encoded!(ZstdEncoder),
    }
}

/// T50: content that a layer unpacks is bounded by the route's limit, and at most one coding is undone.
#[counterpart::test]
async fn a_bomb_in_a_request_does_not_go_off() {
    let pages = PagesClient::local(App::new().layer(RequestDecompressionLayer::new()).mount(Pages));
    let post = async |coding: &str, body: Vec<u8>| {
        let call = pages.raw("POST", "/length").header("content-encoding", coding);
        call.header("content-type", "application/octet-stream").body(body).await.unwrap()
    };
    let zeros = vec![0; 32 << 20];
    for name in ["gzip", "deflate", "br", "zstd"] {
        let small = post(name, coded(name, b"12345").await).await;
        assert_eq!((small.status().as_u16(), small.text().as_str()), (200, "5"), "{name}");
        let bomb = coded(name, &zeros).await;
        assert!(bomb.len() < 40_000);
        assert_eq!(post(name, bomb).await.status(), 413, "{name}");
    }
    let twice = coded("gzip", &coded("gzip", &zeros).await).await;
    assert!(post("gzip, gzip", twice).await.status().is_client_error());
}

/// T51: an answer that is given up while it is compressed leaves nothing behind.
#[counterpart::test]
async fn a_coded_answer_that_is_given_up_is_let_go() {
    let app = App::new().layer(CompressionLayer::new()).mount(Pages);
    let server = app.bind("127.0.0.1:0").await.unwrap();
    let client = counterpart::client::Client::new(&server.url()).unwrap();
    let task = tokio::spawn(server.serve());
    for _ in 0..10 {
        let mut answer = client.get("/endless").send().await.unwrap();
        answer.chunk().await.unwrap();
    }
    while OPEN.load(Ordering::Relaxed) > 0 {
        tokio::task::yield_now().await;
    }
    task.abort();
}

/// T52: an answer says on what it depends, and what must not be compressed is not.
#[counterpart::test]
async fn what_is_secret_is_not_compressed() {
    let harmless = DefaultPredicate::new().and(NotForContentType::const_new("text/x-secret"));
    let layer = CompressionLayer::new().compress_when(harmless);
    let pages = PagesClient::local(App::new().layer(layer).mount(Pages));
    let get =
        async |path: &str| pages.raw("GET", path).header("accept-encoding", "gzip").await.unwrap();
    let coded = get("/page").await;
    assert_eq!(coded.headers().get_str("content-encoding"), Some("gzip"));
    assert_eq!(coded.headers().get_str("vary"), Some("accept-encoding"));
    let plain = get("/secret").await;
    assert_eq!(plain.headers().get_str("content-encoding"), None);
}
