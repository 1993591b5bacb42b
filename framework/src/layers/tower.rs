//! The border to `tower`: an app as a service of its own, where a fault is an answer.

use std::convert::Infallible;
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body::Body as HttpBody;
use tower_service::Service as TowerService;

use crate::body::{Body, BoxError};
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

/// Whatever a layer makes of the content of a request.
impl<B> TowerService<http::Request<B>> for Inside
where
    B: HttpBody<Data = Bytes> + Send + 'static,
    B::Error: Into<BoxError>,
{
    type Response = http::Response<Body>;
    type Error = Infallible;
    type Future = BoxFuture<'static, Result<Self::Response, Infallible>>;

    fn poll_ready(&mut self, _cx: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: http::Request<B>) -> Self::Future {
        let (service, request) = (self.0.clone(), request.map(Body::wrap));
        Box::pin(async move {
            let answer = service.call(request.into()).await;
            Ok(answer.unwrap_or_else(|fault| of_fault(&fault)).into())
        })
    }
}
