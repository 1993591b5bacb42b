//! Services below a prefix.

use std::sync::Arc;

use http::{HeaderValue, StatusCode, header};

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

/// A service that sees paths without the prefix below which it stands.
pub(super) struct Below {
    at: MountedAt,
    /// The prefix with its slash.
    root: String,
    service: AnyService,
}

impl Below {
    pub(super) fn new(prefix: &str, service: AnyService) -> Self {
        Self { at: MountedAt(prefix.into()), root: format!("{prefix}/"), service }
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
        let prefix = self.at.prefix().len();
        if path.len() <= prefix && prefix > 0 {
            return Ok(self.with_slash(&request));
        }
        // Of an absolute form, which may have no path, the origin form is left (RFC 9112 §3.2.1).
        if !path.is_empty() {
            request.head.target = request.head.target.slice(path.start + prefix..);
        }
        request.extensions.insert(self.at.clone());
        self.service.call(request).await
    }
}
