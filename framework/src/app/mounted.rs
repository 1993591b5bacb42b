//! Services below a prefix.

use std::sync::Arc;

use http::{HeaderValue, StatusCode, header};

use crate::app::service::refusal;
use crate::message::{Request, Response};
use crate::service::{AnyService, Fault, Service};

/// Where in an app a service is mounted, as an extension of the requests that it gets: what was taken off their paths.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MountedAt(Arc<str>);

impl MountedAt {
    /// The prefix, without a slash at its end; empty for the root.
    #[must_use]
    pub fn prefix(&self) -> &str {
        &self.0
    }
}

/// A service that is to stand below a prefix.
pub(super) struct Standing {
    service: AnyService,
    /// Whether it refuses by itself what a head shows.
    judges: bool,
}

impl Standing {
    pub(super) fn new<S: Service>(service: S) -> Self {
        Self { service: AnyService::new(service), judges: S::JUDGES_HEADS }
    }
}

/// A service that sees paths without the prefix below which it stands.
pub(super) struct Below {
    at: MountedAt,
    /// The prefix with its slash.
    root: String,
    standing: Standing,
    body_limit: u64,
}

impl Below {
    pub(super) fn new(prefix: &str, standing: Standing, body_limit: u64) -> Self {
        Self { at: MountedAt(prefix.into()), root: format!("{prefix}/"), standing, body_limit }
    }

    /// How many bytes of a path are the prefix: it may have been percent-encoded, so its names are counted. None if
    /// no slash is behind it.
    fn written(&self, path: &[u8]) -> Option<usize> {
        match self.at.prefix().matches('/').count() {
            0 => Some(0),
            names => (0..path.len()).filter(|at| path[*at] == b'/').nth(names),
        }
    }

    /// 308 to the prefix with a slash, so that links on the page there mean what is below it.
    fn with_slash(&self, request: &Request) -> Response {
        let query = request.query().map_or_else(String::new, |query| format!("?{query}"));
        let mut response = Response::new(StatusCode::PERMANENT_REDIRECT);
        if let Ok(location) = HeaderValue::from_maybe_shared(format!("{}{query}", self.root)) {
            response.fields.append(header::LOCATION, location);
        }
        response
    }
}

impl Service for Below {
    async fn call(&self, mut request: Request) -> Result<Response, Fault> {
        let path = request.path_span();
        let Some(prefix) = self.written(&request.head.target[path.clone()]) else {
            return Ok(self.with_slash(&request));
        };
        if !self.standing.judges {
            if let Some(problem) = refusal(&request, &path, self.body_limit) {
                return Ok(problem.into_response());
            }
            request.body = std::mem::take(&mut request.body).limited(self.body_limit);
        }
        // Of an absolute form, which may have no path, the origin form is left (RFC 9112 §3.2.1).
        if !path.is_empty() {
            request.head.target = request.head.target.slice(path.start + prefix..);
        }
        request.extensions.insert(self.at.clone());
        self.standing.service.call(request).await
    }
}
