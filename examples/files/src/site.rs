//! The files, and what stands around them.

use std::sync::Arc;

use counterpart::files::Files;
use counterpart::http::{HeaderValue, header};
use counterpart::layers::around::{AsyncLayer, around};
use counterpart::layers::tower::{Inside, Outside};
use counterpart::service::AnyService;
use counterpart::{Fault, Next, Request, Response, Service};
use tower::Layer;
use tower_http::cors::CorsLayer;

use crate::auth::Logins;
use crate::coding;

/// A service of files, with the layers that were asked for; what is put around it last is asked first.
#[derive(Clone)]
pub(crate) struct Site(AnyService);

impl Site {
    pub(crate) fn new(files: Files) -> Self {
        Self(AnyService::new(files))
    }

    /// Compresses answers that gain from it.
    pub(crate) fn compressed(self) -> Self {
        self.around(coding::compress)
    }

    /// Lets none but these in.
    pub(crate) fn for_those(self, logins: Logins) -> Self {
        let logins = Arc::new(logins);
        self.around(move |request: Request, next: Next| {
            let logins = logins.clone();
            async move { logins.admit(request, next).await }
        })
    }

    /// Lets pages of other origins read it.
    pub(crate) fn shared(self, cors: &CorsLayer) -> Self {
        Self(AnyService::new(Outside::new(cors.layer(Inside::new(self.0)))))
    }

    /// Ends each connection with its answer.
    pub(crate) fn once(self) -> Self {
        self.around(async |request: Request, next: Next| {
            let mut response = next.run(request).await;
            response.fields.insert(header::CONNECTION, HeaderValue::from_static("close"));
            response
        })
    }

    fn around(self, layer: impl AsyncLayer<Reply = Response>) -> Self {
        Self(AnyService::new(around(layer, self.0)))
    }
}

impl Service for Site {
    /// As the files do: they read no content.
    const JUDGES_HEADS: bool = Files::JUDGES_HEADS;

    fn call(&self, request: Request) -> impl Future<Output = Result<Response, Fault>> + Send {
        self.0.call(request)
    }
}
