//! The head of a message: its line and its fields (RFC 9112 §2.1).

use bytes::Bytes;
use http::{Method, StatusCode, Version};

use super::{Fields, reason};

/// The head of a request: method, target, version and fields (RFC 9112 §3).
#[derive(Debug, Clone)]
pub struct RequestHead {
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
        Self { method, target: target.into(), version: Version::HTTP_11, fields: Fields::new() }
    }
}

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
