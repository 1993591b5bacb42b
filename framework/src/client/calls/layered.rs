//! Layers of `tower` around a client.

use std::fmt;
use std::sync::Arc;

use bytes::Bytes;
use http_body::Body as HttpBody;
use tower_layer::Layer;
use tower_service::Service as TowerService;

use super::client::{Client, Inner};
use crate::body::{Body, BoxError};
use crate::message::{Request, Response};
use crate::service::tower::{Outside, Passing};
use crate::service::{AnyService, Fault, FaultKind, Service};

/// The layers of a client, and a service of them all.
#[derive(Clone)]
pub(super) struct Layers {
    each: Vec<Arc<Put>>,
    all: AnyService,
}

type Put = dyn Fn(AnyService) -> AnyService + Send + Sync;

/// The client itself, as the layers around it stand around nobody in particular: what is set on it later holds too.
struct Innermost;

/// Whose call it is, as an extension of its request.
#[derive(Clone)]
struct Of(Arc<Inner>);

impl Client {
    /// With a `tower` layer around its calls, such as those of `tower` and `tower-http`: it sees each call once, before
    /// it is redirected and made again. What is added first is outermost.
    ///
    /// A fault is an error of the service inside, and so it is to be passed on. An error of the layer itself is a
    /// fault, which says [`Timeout`](FaultKind::Timeout) for `tower`'s deadline, and [`Unavailable`](FaultKind::Unavailable)
    /// where it sheds load.
    #[must_use]
    pub fn with_layer<L, B>(mut self, layer: L) -> Self
    where
        L: Layer<Passing> + Send + Sync + 'static,
        L::Service: TowerService<http::Request<Body>, Response = http::Response<B>>
            + Clone
            + Send
            + Sync
            + 'static,
        <L::Service as TowerService<http::Request<Body>>>::Error: Into<BoxError>,
        <L::Service as TowerService<http::Request<Body>>>::Future: Send,
        B: HttpBody<Data = Bytes> + Send + 'static,
        B::Error: Into<BoxError>,
    {
        let put = move |inside| AnyService::new(Outside::new(layer.layer(Passing::new(inside))));
        let layers = &mut self.inner_mut().layers;
        let mut each = layers.take().map_or_else(Vec::new, |layers| layers.each);
        each.push(Arc::new(put));
        let innermost = AnyService::new(Innermost);
        let all = each.iter().rev().fold(innermost, |inside, put| put(inside));
        *layers = Some(Layers { each, all });
        self
    }
}

impl Layers {
    pub(super) async fn call(
        &self,
        of: Arc<Inner>,
        mut request: Request,
    ) -> Result<Response, Fault> {
        request.extensions.insert(Of(of));
        self.all.call(request).await
    }
}

impl Service for Innermost {
    async fn call(&self, mut request: Request) -> Result<Response, Fault> {
        let Some(Of(inner)) = request.extensions.remove() else {
            let why =
                "a layer made a request of its own, without the extensions of the one it was given";
            return Err(Fault::new(FaultKind::Unavailable, why));
        };
        inner.carry(request, false).await
    }
}

impl fmt::Debug for Layers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Layers({})", self.each.len())
    }
}
