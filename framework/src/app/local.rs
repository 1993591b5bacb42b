//! An app as the transport of its own client: no socket, and the same rules.

use http::{HeaderValue, Method, StatusCode, header};

#[cfg(feature = "net")]
use crate::app::deadline::within;
use crate::app::service::AppService;
use crate::body::Body;
use crate::message::{Request, Response};
use crate::service::{Deadline, Fault, FaultKind, Service};

/// Calls an app in process. It does what a wire would: refuses a target that no head can hold, leaves out the
/// content of an answer to HEAD, and keeps the deadline of a call.
#[derive(Debug, Clone)]
pub struct Local(AppService);

impl Local {
    /// Over an app that was put together.
    #[must_use]
    pub const fn new(app: AppService) -> Self {
        Self(app)
    }
}

impl Service for Local {
    async fn call(&self, request: Request) -> Result<Response, Fault> {
        let target = &request.head.target;
        if let Some(mistake) = request.target_mistake() {
            return Err(Fault::new(FaultKind::InvalidRequest, mistake));
        }
        if !(target.starts_with(b"/") || target.as_ref() == b"*") {
            let mistake = format!("`{}` is no path: it begins with `/`", target.escape_ascii());
            return Err(Fault::new(FaultKind::InvalidRequest, mistake));
        }
        let head = request.head.method == Method::HEAD;
        let deadline = request.extensions.get::<Deadline>().copied();
        let call = async {
            let mut response = self.0.call(request).await?;
            as_on_a_wire(&mut response, head);
            Ok(response)
        };
        match deadline {
            None => call.await,
            Some(deadline) => within(deadline, call).await,
        }
    }
}

fn as_on_a_wire(response: &mut Response, head: bool) {
    let without = matches!(response.status, StatusCode::NO_CONTENT | StatusCode::NOT_MODIFIED);
    if without {
        response.body = Body::empty();
        return;
    }
    if let Some(length) = response.body.length() {
        response.fields.insert(header::CONTENT_LENGTH, HeaderValue::from(length));
    }
    if head {
        response.body = Body::empty();
    }
}

/// Without a runtime there is no clock to keep a deadline by.
#[cfg(not(feature = "net"))]
async fn within(
    _deadline: Deadline,
    call: impl Future<Output = Result<Response, Fault>>,
) -> Result<Response, Fault> {
    call.await
}
