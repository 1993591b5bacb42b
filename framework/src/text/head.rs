//! The head of a message: its line and its fields (RFC 9112 §2.1).

use std::fmt;
use std::ops::{Deref, DerefMut};

use bytes::Bytes;
use http::{Method, StatusCode, Version};

use super::pool::Pool;
use super::{Fields, reason};

/// The head of a request: method, target, version and fields (RFC 9112 §3), which are those of its
/// [`RequestParts`].
///
/// It goes from the wire to the handler by way of many hands, so it moves as one word: the parts lie in a box
/// that comes from a pool of the thread and goes back there.
///
/// ```
/// use counterpart::http::Method;
/// use counterpart::text::RequestHead;
///
/// let mut head = RequestHead::new(Method::GET, "/users?page=2");
/// head.method = Method::HEAD;
/// assert_eq!(head.target, "/users?page=2");
/// ```
#[derive(Clone)]
pub struct RequestHead(Option<Box<RequestParts>>);

/// What the head of a request consists of.
#[derive(Debug, Clone)]
pub struct RequestParts {
    /// The method token.
    pub method: Method,
    /// The request target as it came, in any of its four forms (RFC 9112 §3.2).
    pub target: Bytes,
    /// The version of the message, not of the connection.
    pub version: Version,
    /// The field lines, in order.
    pub fields: Fields,
}

/// The head of a response: status, version and fields (RFC 9112 §4).
#[derive(Debug, Clone)]
pub struct ResponseHead {
    /// The status code.
    pub status: StatusCode,
    /// The version of the message, not of the connection.
    pub version: Version,
    /// The field lines, in order.
    pub fields: Fields,
}

impl RequestHead {
    /// A head for HTTP/1.1 without fields.
    #[must_use]
    pub fn new(method: Method, target: impl Into<Bytes>) -> Self {
        let mut head = Self::empty();
        head.method = method;
        head.target = target.into();
        head
    }

    /// `GET` of nothing, with room for fields.
    pub(crate) fn empty() -> Self {
        Self(POOL.with(Pool::take).or_else(|| Some(Box::default())))
    }

    /// The parts by themselves.
    #[must_use]
    pub fn into_parts(mut self) -> RequestParts {
        self.0.take().map(|parts| *parts).unwrap_or_default()
    }
}

impl From<RequestParts> for RequestHead {
    fn from(parts: RequestParts) -> Self {
        let mut head = Self::empty();
        *head = parts;
        head
    }
}

impl Default for RequestParts {
    fn default() -> Self {
        Self {
            method: Method::GET,
            target: Bytes::new(),
            version: Version::HTTP_11,
            fields: Fields::new(),
        }
    }
}

impl Deref for RequestHead {
    type Target = RequestParts;

    #[inline(always)]
    fn deref(&self) -> &RequestParts {
        self.0.as_deref().expect(THERE)
    }
}

impl DerefMut for RequestHead {
    #[inline(always)]
    fn deref_mut(&mut self) -> &mut RequestParts {
        self.0.as_deref_mut().expect(THERE)
    }
}

impl Drop for RequestHead {
    fn drop(&mut self) {
        let Some(mut parts) = self.0.take() else { return };
        parts.method = Method::GET;
        parts.target = Bytes::new();
        parts.version = Version::HTTP_11;
        parts.fields.clear();
        // A thread that ends has no pool any more; then the parts are simply freed.
        let _ = POOL.try_with(|pool| pool.give(parts));
    }
}

impl fmt::Debug for RequestHead {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}

thread_local! {
    static POOL: Pool<Box<RequestParts>> = const { Pool::new(MOST_HEADS) };
}

/// Heads kept per thread: enough for the requests in flight on one worker between two polls.
const MOST_HEADS: usize = 64;
/// Why a head has its parts.
const THERE: &str = "the parts are there until the head is dropped";

impl ResponseHead {
    /// A head for HTTP/1.1 without fields.
    #[must_use]
    pub fn new(status: StatusCode) -> Self {
        Self { status, version: Version::HTTP_11, fields: Fields::new() }
    }

    /// The reason phrase: as it came, if the head was read, else as the registry has it. It means nothing
    /// (RFC 9112 §4).
    #[must_use]
    pub fn reason(&self) -> &str {
        let line = self.fields.block().split(|&byte| byte == b'\r').next().unwrap_or_default();
        let Some(line) = line.strip_prefix(b"HTTP/") else { return reason::phrase(self.status) };
        let reason = line.get(REASON..).unwrap_or_default();
        std::str::from_utf8(reason).unwrap_or_else(|_| reason::phrase(self.status))
    }
}

/// Where the reason begins, behind `HTTP/`: a version, a blank, a status, a blank.
const REASON: usize = "1.1 200 ".len();
