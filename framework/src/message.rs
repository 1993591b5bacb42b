//! Messages: a request and a response, as Counterpart carries them from one end of the house to the other.
//!
//! The head stays the table of slices it was read as; `http`'s own types are made only at the border to
//! `tower`, by `From` in both directions.

use std::net::SocketAddr;
use std::ops::Range;

use bytes::Bytes;
use http::{Extensions, HeaderName, HeaderValue, Method, StatusCode, Uri, Version, header};
use serde::Serialize;

use crate::body::Body;
use crate::text::find::{find, find_either};
use crate::text::ready::Ready;
use crate::text::{Fields, RequestHead, RequestParts, ResponseHead};

/// A request: its head, its content, and what layers and transports attach to it.
#[derive(Debug)]
pub struct Request {
    /// Method, target, version and fields.
    pub head: RequestHead,
    /// The content.
    pub body: Body,
    /// Who sent it, where it came over a wire that knows.
    pub peer: Option<SocketAddr>,
    /// What one part of the server has to tell another, by type, such as a deadline.
    pub extensions: Extensions,
}

/// The peer's address, as an extension of `http`'s request, which has no place of its own for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PeerAddr(pub SocketAddr);

/// A response: its status, fields and content.
#[derive(Debug)]
pub struct Response {
    /// The status code.
    pub status: StatusCode,
    /// The fields; length, connection and date are added by whoever puts it on a wire.
    pub fields: Fields,
    /// The content.
    pub body: Body,
    /// What a handler has to tell a layer, by type; it never travels.
    pub extensions: Extensions,
}

impl Request {
    /// A request without fields or content, of HTTP/1.1.
    ///
    /// The target is one of the four forms of RFC 9112 §3.2, percent-encoded; it is not checked here.
    #[must_use]
    pub fn new(method: Method, target: impl Into<Bytes>) -> Self {
        Self::of(RequestHead::new(method, target), Body::empty())
    }

    /// A request of a head that was read and its content.
    #[must_use]
    pub fn of(head: RequestHead, body: Body) -> Self {
        Self { head, body, peer: None, extensions: Extensions::new() }
    }

    /// The same request with this content.
    #[must_use]
    pub fn with_body(mut self, body: impl Into<Body>) -> Self {
        self.body = body.into();
        self
    }

    /// The same request with this text as its content, as UTF-8, and the `Content-Type` that says so. Content that is
    /// given as a body says nothing of its type.
    #[must_use]
    pub fn with_text(self, text: impl Into<String>) -> Self {
        self.with_typed(text.into(), "text/plain; charset=utf-8")
    }

    /// The same request with this value as its content, as JSON, and the `Content-Type` that says so.
    ///
    /// # Errors
    /// If it cannot be written as JSON, such as a map whose keys are no text.
    pub fn with_json<T: Serialize + ?Sized>(self, value: &T) -> Result<Self, serde_json::Error> {
        Ok(self.with_typed(serde_json::to_vec(value)?, "application/json"))
    }

    fn with_typed(mut self, body: impl Into<Body>, kind: &'static str) -> Self {
        self.head.fields.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
        self.with_body(body)
    }

    /// The same request with one field more.
    #[must_use]
    pub fn with_field(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.head.fields.append(name, value);
        self
    }

    /// The path of the target as it came, still percent-encoded: without authority and query.
    ///
    /// ```
    /// use counterpart::{Request, http::Method};
    /// let path = |target: &'static str| Request::new(Method::GET, target).path().to_owned();
    /// assert_eq!(path("/a%2Fb?c=d"), "/a%2Fb");
    /// assert_eq!(path("http://host:80/a"), "/a");
    /// assert_eq!(path("http://host?c"), "/");
    /// assert_eq!(path("*"), "*");
    /// ```
    #[must_use]
    pub fn path(&self) -> &str {
        // A target that is no UTF-8 matches no route; engines refuse it before it comes here.
        std::str::from_utf8(self.path_bytes(self.path_span())).unwrap_or_default()
    }

    /// The query of the target as it came, without its `?`.
    #[must_use]
    pub fn query(&self) -> Option<&str> {
        let after = self.head.target.get(self.path_span().end..)?.strip_prefix(b"?")?;
        std::str::from_utf8(after).ok()
    }

    /// Why this target can stand in no request line, if it cannot.
    pub(crate) fn target_mistake(&self) -> Option<String> {
        target_mistake(&self.head.target)
    }

    /// The path as bytes, where it was found to lie.
    pub(crate) fn path_bytes(&self, span: Range<usize>) -> &[u8] {
        match self.head.target.get(span) {
            Some([]) | None => b"/",
            Some(path) => path,
        }
    }

    /// Where in the target the path lies, and whether it surely has nothing percent-encoded in it.
    #[inline(always)]
    pub(crate) fn plain_path_span(&self) -> (Range<usize>, bool) {
        let target = &self.head.target[..];
        match find_either([b'?', b'%'], target) {
            None if target.first() == Some(&b'/') => (0..target.len(), true),
            Some(end) if target.first() == Some(&b'/') && target[end] == b'?' => (0..end, true),
            _ => (self.path_span(), false),
        }
    }

    /// Where in the target the path lies.
    pub(crate) fn path_span(&self) -> Range<usize> {
        let target = &self.head.target[..];
        let start = if target.first() == Some(&b'/') { 0 } else { authority_end(target) };
        let end = find(b'?', &target[start..]).map_or(target.len(), |length| start + length);
        start..end
    }
}

/// Why a target can stand in no request line, if it cannot.
pub(crate) fn target_mistake(target: &[u8]) -> Option<String> {
    let plain = !target.is_empty() && target.iter().all(u8::is_ascii_graphic);
    (!plain).then(|| {
        let shown = target.escape_ascii();
        format!("`{shown}` is no target: it is visible ASCII, and what is not is percent-encoded")
    })
}

/// Where scheme and authority of an absolute form end (RFC 9112 §3.2.2); every other form has none.
fn authority_end(target: &[u8]) -> usize {
    let Some(scheme) = target.windows(3).position(|bytes| bytes == b"://") else { return 0 };
    let rest = &target[scheme + 3..];
    let length = rest.iter().position(|byte| matches!(byte, b'/' | b'?'));
    length.map_or(target.len(), |length| scheme + 3 + length)
}

impl Response {
    /// A response without fields or content.
    #[must_use]
    pub fn new(status: StatusCode) -> Self {
        Self { status, fields: Fields::new(), body: Body::empty(), extensions: Extensions::new() }
    }

    /// A response with one field that many have.
    pub(crate) fn of_ready(
        status: StatusCode,
        field: &'static Ready,
        body: impl Into<Body>,
    ) -> Self {
        let fields = Fields::of_ready(field);
        Self { status, fields, body: body.into(), extensions: Extensions::new() }
    }

    /// A response of a head that was read and its content.
    #[must_use]
    pub fn of(head: ResponseHead, body: Body) -> Self {
        Self { status: head.status, fields: head.fields, body, extensions: Extensions::new() }
    }

    /// The same response with this content.
    #[must_use]
    pub fn with_body(mut self, body: impl Into<Body>) -> Self {
        self.body = body.into();
        self
    }

    /// The same response with one field more.
    #[must_use]
    pub fn with_field(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.fields.append(name, value);
        self
    }
}

/// The border to `tower`: a target that `http` cannot hold (none that an engine lets in) becomes `/`.
impl From<Request> for http::Request<Body> {
    fn from(request: Request) -> Self {
        let mut out = Self::new(request.body);
        let head = request.head.into_parts();
        *out.method_mut() = head.method;
        *out.uri_mut() = Uri::from_maybe_shared(head.target).unwrap_or_default();
        *out.version_mut() = head.version;
        *out.headers_mut() = head.fields.to_map();
        *out.extensions_mut() = request.extensions;
        if let Some(peer) = request.peer {
            out.extensions_mut().insert(PeerAddr(peer));
        }
        out
    }
}

impl<B: Into<Body>> From<http::Request<B>> for Request {
    fn from(request: http::Request<B>) -> Self {
        let (mut parts, body) = request.into_parts();
        let peer = parts.extensions.remove::<PeerAddr>().map(|peer| peer.0);
        let head = RequestParts {
            method: parts.method,
            target: parts.uri.to_string().into(),
            version: parts.version,
            fields: parts.headers.into(),
        };
        Self { head: head.into(), body: body.into(), peer, extensions: parts.extensions }
    }
}

impl From<Response> for http::Response<Body> {
    fn from(response: Response) -> Self {
        let mut out = Self::new(response.body);
        *out.status_mut() = response.status;
        *out.version_mut() = Version::HTTP_11;
        *out.headers_mut() = response.fields.to_map();
        *out.extensions_mut() = response.extensions;
        out
    }
}

impl<B: Into<Body>> From<http::Response<B>> for Response {
    fn from(response: http::Response<B>) -> Self {
        let (parts, body) = response.into_parts();
        Self {
            status: parts.status,
            fields: parts.headers.into(),
            body: body.into(),
            extensions: parts.extensions,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_border_to_http_is_crossed_without_loss() {
        let request = Request::new(Method::POST, "/a%2Fb?c")
            .with_field(HeaderName::from_static("x-a"), HeaderValue::from_static("1"))
            .with_body("body");
        let peer = Some(SocketAddr::from(([127, 0, 0, 1], 80)));
        let request = Request { peer, ..request };
        let there = http::Request::<Body>::from(request);
        assert_eq!(there.uri().path(), "/a%2Fb");
        let back = Request::from(there);
        assert_eq!((back.path(), back.query()), ("/a%2Fb", Some("c")));
        assert_eq!(back.head.fields.get_str("x-a"), Some("1"));
        assert_eq!(back.body.length(), Some(4));
        assert_eq!(back.peer, peer);
    }
}
