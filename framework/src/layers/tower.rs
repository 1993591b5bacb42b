//! The border to `tower`: an app as a service of its own, where a fault is an answer.

use std::convert::Infallible;
use std::task::{Context, Poll};

use tower_service::Service as TowerService;

use crate::body::Body;
use crate::layers::around::of_fault;
use crate::service::{AnyService, BoxFuture, Service};

pub use crate::service::tower::Outside;

/// One of our services, as `tower` has them: always ready, and never failing, as a fault is an answer by then.
#[derive(Debug, Clone)]
pub struct Inside(AnyService);

impl Inside {
    /// A service, for a layer to stand around.
    #[must_use]
    pub const fn new(service: AnyService) -> Self {
        Self(service)
    }
}

impl TowerService<http::Request<Body>> for Inside {
    type Response = http::Response<Body>;
    type Error = Infallible;
    type Future = BoxFuture<'static, Result<Self::Response, Infallible>>;

    fn poll_ready(&mut self, _cx: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: http::Request<Body>) -> Self::Future {
        let service = self.0.clone();
        Box::pin(async move {
            let answer = service.call(request.into()).await;
            Ok(answer.unwrap_or_else(|fault| of_fault(&fault)).into())
        })
    }
}
