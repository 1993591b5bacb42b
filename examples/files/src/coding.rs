//! Compression of what is sent, for whoever takes it.

use std::convert::Infallible;
use std::future::ready;

use counterpart::body::Body;
use counterpart::http::{self, HeaderMap, HeaderValue, StatusCode, header};
use counterpart::{Next, Request, Response};
use tower::{Layer, ServiceExt, service_fn};
use tower_http::compression::CompressionLayer;

/// Compresses an answer that gains from it. All others stay as they are, so that files still go straight to the socket.
pub(crate) async fn compress(request: Request, next: Next) -> Response {
    let wanted = request.head.fields.get_all("accept-encoding").map(HeaderValue::from_bytes);
    let wanted: Vec<_> = wanted.filter_map(Result::ok).collect();
    let mut response = next.run(request).await;
    if response.status == StatusCode::NOT_MODIFIED && !varies(&response) {
        response.fields.append(header::VARY, HeaderValue::from_static("accept-encoding"));
    }
    if gains(&response) { compressed(response, wanted).await } else { response }
}

async fn compressed(response: Response, wanted: Vec<HeaderValue>) -> Response {
    let mut request = http::Request::new(Body::empty());
    for wanted in wanted {
        request.headers_mut().append(header::ACCEPT_ENCODING, wanted);
    }
    let mut given = Some(http::Response::from(response));
    let given = service_fn(move |_| ready(Ok::<_, Infallible>(given.take().unwrap_or_default())));
    let Ok(response) = CompressionLayer::new()
        .compress_when(|_, _, _: &_, _: &_| true)
        .layer(given)
        .oneshot(request)
        .await;
    let mut response = response.map(Body::wrap);
    if response.headers().contains_key(header::CONTENT_ENCODING) {
        weaken(response.headers_mut());
    }
    response.into()
}

/// The bytes are others than the file's, and differ with each version of the coder (RFC 9110 §8.8.3.3).
fn weaken(fields: &mut HeaderMap) {
    let Some(tag) = fields.get(header::ETAG).filter(|tag| !tag.as_bytes().starts_with(b"W/"))
    else {
        return;
    };
    if let Ok(weak) = HeaderValue::from_bytes(&[b"W/", tag.as_bytes()].concat()) {
        fields.insert(header::ETAG, weak);
    }
}

/// Whether an answer says that it is not the same for all codings. That of a whole file is told by whoever codes it.
fn varies(response: &Response) -> bool {
    let vary = response.fields.get_joined("vary").unwrap_or_default();
    vary.to_ascii_lowercase().contains("accept-encoding")
}

/// Whether an answer is a whole text that is not coded yet, and long enough.
fn gains(response: &Response) -> bool {
    let fields = &response.fields;
    response.status == StatusCode::OK
        && !fields.contains(header::CONTENT_ENCODING)
        && response.body.length().is_none_or(|length| length >= LEAST)
        && fields.get_str(header::CONTENT_TYPE).is_some_and(is_text)
}

fn is_text(kind: &str) -> bool {
    let kind = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    kind.starts_with("text/")
        || kind.ends_with("+json")
        || kind.ends_with("+xml")
        || TEXTS.contains(&kind.as_str())
}

/// Shorter ones become longer, or fit into one packet anyway.
const LEAST: u64 = 1024;
/// What is no `text/…`, and shrinks as if it were.
const TEXTS: [&str; 9] = [
    "application/javascript",
    "application/json",
    "application/wasm",
    "application/x-javascript",
    "application/xml",
    "font/otf",
    "font/ttf",
    "image/bmp",
    "image/x-icon",
];
