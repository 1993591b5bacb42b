//! The border to `tower`: our services as its own, and its services as ours.

use std::future::poll_fn;
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body::Body as HttpBody;
use tower_service::Service as TowerService;

use super::{AnyService, BoxFuture, Fault, FaultKind, Phase, Service};
use crate::body::{Body, BoxError};
use crate::message::{Request, Response};

/// One of our services, as `tower` has them: always ready, and a fault is its error.
#[derive(Debug, Clone)]
pub struct Passing(AnyService);

impl Passing {
    /// A service, for a layer to stand around.
    #[must_use]
    pub const fn new(service: AnyService) -> Self {
        Self(service)
    }
}

/// Whatever a layer makes of the content of a request.
impl<B> TowerService<http::Request<B>> for Passing
where
    B: HttpBody<Data = Bytes> + Send + 'static,
    B::Error: Into<BoxError>,
{
    type Response = http::Response<Body>;
    type Error = Fault;
    type Future = BoxFuture<'static, Result<Self::Response, Fault>>;

    fn poll_ready(&mut self, _cx: &mut Context<'_>) -> Poll<Result<(), Fault>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: http::Request<B>) -> Self::Future {
        let (service, request) = (self.0.clone(), request.map(Body::wrap));
        Box::pin(async move { service.call(request.into()).await.map(Into::into) })
    }
}

/// A service of `tower`'s, as one of ours: cloned for each call, and awaited until it is ready.
#[derive(Debug)]
pub struct Outside<S>(S);

impl<S> Outside<S> {
    /// A service of `tower`'s.
    pub const fn new(service: S) -> Self {
        Self(service)
    }
}

impl<S, B> Service for Outside<S>
where
    S: TowerService<http::Request<Body>, Response = http::Response<B>>
        + Clone
        + Send
        + Sync
        + 'static,
    S::Error: Into<BoxError>,
    S::Future: Send,
    B: HttpBody<Data = Bytes> + Send + 'static,
    B::Error: Into<BoxError>,
{
    async fn call(&self, request: Request) -> Result<Response, Fault> {
        let mut service = self.0.clone();
        poll_fn(|cx| service.poll_ready(cx)).await.map_err(foreign)?;
        let response = service.call(request.into()).await.map_err(foreign)?;
        Ok(response.map(Body::wrap).into())
    }
}

/// A layer's own error. `tower`'s say what they are only in words: a deadline, and a full service.
fn foreign(error: impl Into<BoxError>) -> Fault {
    let error = match error.into().downcast::<Fault>() {
        Ok(fault) => return *fault,
        Err(error) => error,
    };
    let kind = match error.to_string().as_str() {
        "request timed out" => FaultKind::Timeout(Phase::Total),
        "service overloaded" => FaultKind::Unavailable,
        _ => FaultKind::Content,
    };
    Fault::new(kind, error)
}
