//! What a request asks, as far as files go: all but its content, which nobody reads.

use std::ops::Range;

use bytes::Bytes;
use http::Method;

use crate::app::MountedAt;
use crate::message::Request;
use crate::proto::h1::Expectation;
use crate::text::{Fields, RequestParts, accept};

/// A request without its content.
#[derive(Debug)]
pub(super) struct Asked {
    pub(super) method: Method,
    pub(super) fields: Fields,
    pub(super) expectation: Expectation,
    target: Bytes,
    path: Range<usize>,
    at: Option<MountedAt>,
}

impl Asked {
    pub(super) fn of(mut request: Request) -> Self {
        let (expectation, path) = (Expectation::of(&request.head), request.path_span());
        let at = request.extensions.remove();
        let RequestParts { method, fields, target, .. } = request.head.into_parts();
        Self { expectation, path, at, method, fields, target }
    }

    /// The path, still percent-encoded.
    pub(super) fn path(&self) -> &[u8] {
        match &self.target[self.path.clone()] {
            // An absolute form may leave it out.
            [] => b"/",
            path => path,
        }
    }

    pub(super) fn query(&self) -> Option<&str> {
        let query = self.target[self.path.end..].strip_prefix(b"?")?;
        std::str::from_utf8(query).ok()
    }

    /// Where in an app the service is mounted.
    pub(super) fn prefix(&self) -> &str {
        self.at.as_ref().map_or("", MountedAt::prefix)
    }

    /// Whether a type is liked better than another.
    pub(super) fn prefers(&self, this: &str, to: &str) -> bool {
        accept::media(&self.fields, this) > accept::media(&self.fields, to)
    }

    /// Whether HTML may be sent.
    pub(super) fn takes_html(&self) -> bool {
        accept::media(&self.fields, "text/html") > 0
    }
}
