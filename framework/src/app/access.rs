//! The access log: one line for each request, if anybody listens.

use std::ops::Range;
use std::time::Instant;

use bytes::Bytes;
use http::Method;

use crate::message::{Request, Response};

/// A request that is being answered.
pub(super) struct Record {
    method: Method,
    target: Bytes,
    path: Range<usize>,
    begun: Instant,
}

impl Record {
    /// Begins a record; none where no subscriber wants it, so that no clock is read for nothing.
    pub(super) fn begin(request: &Request) -> Option<Self> {
        tracing::enabled!(target: "counterpart::access", tracing::Level::INFO).then(|| Self {
            method: request.head.method.clone(),
            target: request.head.target.clone(),
            path: request.path_span(),
            begun: Instant::now(),
        })
    }

    /// Writes the line: the path without its query, which may hold secrets. What could end the line, or steer a
    /// terminal, is escaped.
    pub(super) fn end(self, response: &Response) {
        let status = response.status.as_u16();
        let micros = self.begun.elapsed().as_micros();
        let path = match self.target.get(self.path) {
            // The absolute form may leave it out.
            None | Some([]) => b"/",
            Some(path) => path,
        };
        let path = path.escape_ascii();
        let method = self.method;
        tracing::info!(target: "counterpart::access", "{method} {path} {status} {micros}µs");
    }
}
