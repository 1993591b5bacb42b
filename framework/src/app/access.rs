//! The access log: one line for each request, if anybody listens.

use std::time::Instant;

use bytes::Bytes;
use http::Method;

use crate::message::{Request, Response};

/// A request that is being answered.
pub(super) struct Record {
    method: Method,
    target: Bytes,
    begun: Instant,
}

impl Record {
    /// Begins a record; none where no subscriber wants it, so that no clock is read for nothing.
    pub(super) fn begin(request: &Request) -> Option<Self> {
        tracing::enabled!(target: "counterpart::access", tracing::Level::INFO).then(|| Self {
            method: request.head.method.clone(),
            target: request.head.target.clone(),
            begun: Instant::now(),
        })
    }

    /// Writes the line. What could end it, or steer a terminal, is escaped.
    pub(super) fn end(self, response: &Response) {
        let status = response.status.as_u16();
        let micros = self.begun.elapsed().as_micros();
        let (method, target) = (&self.method, self.target.escape_ascii());
        tracing::info!(target: "counterpart::access", "{method} {target} {status} {micros}µs");
    }
}
