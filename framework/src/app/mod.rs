//! The app: routes, states and layers, put together into one service.
//!
//! Here: [`App`], what is put in; [`AppService`], what comes out; [`StartError`], why it does not; [`Local`], an
//! app as the transport of its own client; [`MountedAt`], where in an app a service stands.
//! Not here: sockets (`server`); `App::serve` and `App::run` stand on the roof.
//! Read in this order: this file, `assemble`, `service`, `mounted`, `local`.

mod access;
mod assemble;
#[cfg(feature = "net")]
mod deadline;
mod lifecycle;
mod local;
mod mounted;
mod service;

use std::fmt;
use std::sync::Arc;

use bytes::Bytes;
use tower_layer::Layer;
use tower_service::Service as TowerService;

use crate::api::endpoint::{Api, List};
use crate::api::states::States;
use crate::app::mounted::Standing;
use crate::body::{Body, BoxError};
use crate::layers::around::{AsyncLayer, around};
use crate::layers::tower::{Inside, Outside};
use crate::message::Request;
use crate::service::{AnyService, BoxFuture, Fault, Service};
use crate::typed::reply::Reply;

pub use assemble::{RouteInfo, Routes, StartError};
pub use lifecycle::Lifecycle;
pub use local::Local;
pub use mounted::MountedAt;
pub use service::AppService;

/// An API to be served: routes, states, layers.
///
/// ```
/// use counterpart::prelude::*;
///
/// #[get("/hello/{name}")]
/// async fn hello(name: String) -> String {
///     format!("hello, {name}")
/// }
///
/// api!(Greetings: hello);
///
/// #[counterpart::main]
/// async fn main() {
///     let client = GreetingsClient::local(App::new().mount(Greetings));
///     assert_eq!(client.hello("Ada").await.unwrap(), "hello, Ada");
/// }
/// ```
#[must_use = "an app does nothing until it is served"]
pub struct App {
    states: States,
    mounts: Vec<Mount>,
    layers: Vec<Layering>,
    fallback: Option<AnyService>,
    body_limit: Option<u64>,
    pub(crate) at_shutdown: Vec<ShutdownHook>,
}

pub(crate) type ShutdownHook = Box<dyn FnOnce() -> BoxFuture<'static, ()> + Send + Sync>;
type Layering = Box<dyn FnOnce(AnyService) -> AnyService + Send + Sync>;

enum Mount {
    List(&'static List),
    App(String, App),
    Service(String, Box<Standing>),
}

impl App {
    /// An app without routes.
    pub fn new() -> Self {
        let mut states = States::default();
        states.insert(Arc::new(Lifecycle::default()));
        Self {
            states,
            mounts: Vec::new(),
            layers: Vec::new(),
            fallback: None,
            body_limit: None,
            at_shutdown: Vec::new(),
        }
    }

    /// Gives the app a state, which handlers take as `&T`; a second of one type takes the place of the first.
    ///
    /// Handlers share it between all requests, so it is `Sync`. An `Arc<T>` is given as what it holds: by
    /// [`shared`](Self::shared).
    pub fn state<T: Send + Sync + 'static>(self, state: T) -> Self {
        self.shared(Arc::new(state))
    }

    /// Gives the app a state that something else holds too.
    pub fn shared<T: Send + Sync + 'static>(mut self, state: Arc<T>) -> Self {
        self.states.insert(state);
        self
    }

    /// Whether the server has been told to stop, to be told and asked from outside of handlers.
    #[must_use]
    pub fn lifecycle(&self) -> Arc<Lifecycle> {
        self.states.shared().unwrap_or_default()
    }

    /// Adds the routes of a list made by `api!`.
    pub fn mount<A: Api>(mut self, _list: A) -> Self {
        self.mounts.push(Mount::List(A::LIST));
        self
    }

    /// Adds another app under a prefix, such as `/v1`.
    ///
    /// Its layers stand around its own routes alone; its states go before this app's, which it can take too.
    ///
    /// # Panics
    /// If the prefix does not begin with `/`, or has a parameter.
    #[track_caller]
    pub fn nest(mut self, prefix: &str, mut app: Self) -> Self {
        let prefix = plain(prefix);
        self.at_shutdown.append(&mut app.at_shutdown);
        app.states.remove::<Lifecycle>();
        self.mounts.push(Mount::App(prefix, app));
        self
    }

    /// Puts a service below a prefix: it answers every path there that no route has, and sees it without the prefix,
    /// which [`MountedAt`] tells. The prefix without a slash behind it is answered with 308 to the one that has it. What
    /// the head of a request shows is refused as for a route, but where the service [judges](Service::JUDGES_HEADS) heads
    /// by itself, and it is given no more content than the app's limit.
    ///
    /// ```
    /// use counterpart::prelude::*;
    /// use counterpart::service::from_fn;
    ///
    /// let echo = from_fn(async |request: Request| {
    ///     Ok(Response::new(StatusCode::OK).with_body(request.path().to_owned()))
    /// });
    /// let app = App::new().mount_at("/echo", echo);
    /// # drop(app);
    /// ```
    ///
    /// # Panics
    /// If the prefix does not begin with `/`, or has a parameter.
    #[track_caller]
    pub fn mount_at(mut self, prefix: &str, service: impl Service) -> Self {
        self.mounts.push(Mount::Service(plain(prefix), Box::new(Standing::new(service))));
        self
    }

    /// Answers what no route has the path of, in the place of the 404 problem; in a nested app, below its prefix.
    ///
    /// ```
    /// use counterpart::prelude::*;
    ///
    /// let app = App::new().fallback(async |request: Request| Text(format!("no {}", request.path())));
    /// # drop(app);
    /// ```
    pub fn fallback<F, U, R>(mut self, function: F) -> Self
    where
        F: Fn(Request) -> U + Send + Sync + 'static,
        U: Future<Output = R> + Send,
        R: Reply,
    {
        self.fallback = Some(AnyService::new(Fallback(function)));
        self
    }

    /// Puts a function around the app: it sees each request first and each answer last, the 404s too.
    ///
    /// What is added first is outermost.
    ///
    /// ```
    /// use counterpart::prelude::*;
    ///
    /// async fn no_store(request: Request, next: Next) -> Response {
    ///     let mut response = next.run(request).await;
    ///     response.fields.insert(http::header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    ///     response
    /// }
    ///
    /// let app = App::new().around(no_store);
    /// # drop(app);
    /// ```
    pub fn around<F: AsyncLayer>(mut self, function: F) -> Self {
        self.layers.push(Box::new(|inside| AnyService::new(around(function, inside))));
        self
    }

    /// Puts a `tower` layer around the app, such as those of `tower-http`.
    ///
    /// What is added first is outermost. An error of the layer itself becomes a problem: 504 for a deadline, 503
    /// for a service that sheds load, else 500. A layer that unpacks the content of requests is bounded by the limit of
    /// each route, which counts what comes out of it.
    pub fn layer<L, B>(mut self, layer: L) -> Self
    where
        L: Layer<Inside> + Send + Sync + 'static,
        L::Service: TowerService<http::Request<Body>, Response = http::Response<B>>
            + Clone
            + Send
            + Sync
            + 'static,
        <L::Service as TowerService<http::Request<Body>>>::Error: Into<BoxError>,
        <L::Service as TowerService<http::Request<Body>>>::Future: Send,
        B: http_body::Body<Data = Bytes> + Send + 'static,
        B::Error: Into<BoxError>,
    {
        let put = move |inside| AnyService::new(Outside::new(layer.layer(Inside::new(inside))));
        self.layers.push(Box::new(put));
        self
    }

    /// The largest body that a route takes, in bytes, where the route does not say; 2 MiB by default.
    ///
    /// Large enough for nearly all JSON, small enough that a thousand of them at once do no harm.
    pub const fn body_limit(mut self, bytes: u64) -> Self {
        self.body_limit = Some(bytes);
        self
    }

    /// Runs after the last request was answered, before the server returns.
    pub fn on_shutdown<F, U>(mut self, function: F) -> Self
    where
        F: FnOnce() -> U + Send + Sync + 'static,
        U: Future<Output = ()> + Send + 'static,
    {
        self.at_shutdown.push(Box::new(|| Box::pin(function())));
        self
    }

    /// Every route: method, full path, handler and its place in the source.
    ///
    /// ```
    /// # use counterpart::prelude::*;
    /// println!("{}", App::new().routes());
    /// ```
    #[must_use]
    pub fn routes(&self) -> Routes {
        Routes::of(self)
    }
}

/// A prefix without the slash at its end.
#[track_caller]
fn plain(prefix: &str) -> String {
    assert!(
        prefix.starts_with('/') && !prefix.contains(['{', '}', '?', '#', '%']),
        "`{prefix}` is no prefix: it begins with `/` and has neither parameters nor `?`, `#`, `%`"
    );
    prefix.trim_end_matches('/').into()
}

impl Default for App {
    fn default() -> Self {
        Self::new()
    }
}

struct Fallback<F>(F);

impl<F, U, R> Service for Fallback<F>
where
    F: Fn(Request) -> U + Send + Sync + 'static,
    U: Future<Output = R> + Send,
    R: Reply,
{
    async fn call(&self, request: Request) -> Result<crate::message::Response, Fault> {
        Ok((self.0)(request).await.reply())
    }
}

impl fmt::Debug for App {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("App").field("routes", &self.routes()).finish_non_exhaustive()
    }
}
