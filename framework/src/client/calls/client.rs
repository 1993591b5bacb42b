//! The client: a server of its own, kept connections, and what holds for each of its calls.

use std::sync::Arc;

use http::{HeaderName, HeaderValue, Method, header};

use super::aim::Base;
use super::answer::OwnedAnswer;
use super::auth;
#[cfg(feature = "compression")]
use super::codings::Codings;
#[cfg(feature = "cookies")]
use super::cookies::CookieJar;
use super::layered::Layers;
use super::redirects::Redirects;
use super::request::RequestBuilder;
use super::retries::Retries;
use super::settings::Settings;
use crate::client::connector::Connector;
use crate::client::origin::Origin;
use crate::client::transport::Transport;
use crate::drive::timeouts::Timeouts;
use crate::message::{Request, Response};
use crate::service::{BoxFuture, Erased, Fault, Service};

/// Calls servers. A clone shares the connections.
///
/// ```no_run
/// use counterpart::client::Client;
///
/// # async fn call() -> Result<(), counterpart::Fault> {
/// let client = Client::new("http://127.0.0.1:8080/v1")?;
/// let mut answer = client.get("/users").query(&[("limit", "10")]).send().await?;
/// assert_eq!(answer.status(), 200);
/// let names: Vec<String> = answer.json().await?;
/// # Ok(())
/// # }
/// ```
///
/// What begins with `/` is called on the client's own server, below the path of its URL; a whole URL is called where it
/// says. [`Client::default`] has no server of its own. Connections are kept and used again; calls side by side open as
/// many as they need. It never waits for ever: see [`Timeouts`].
///
/// It is a [`Service`] too, and carries the calls of generated clients (`UsersClient::over(client)`). Such a request
/// names its target as it goes out, without the path of the client's URL; what is set on the client holds for it, and
/// nothing else: a redirection is an answer like any other, unless [`with_redirects`](Self::with_redirects) says that it is
/// followed.
///
/// No `User-Agent` is sent, and no `Accept`, unless they are [set](Self::with_header).
#[derive(Debug, Clone, Default)]
pub struct Client(Arc<Inner>);

#[derive(Debug, Clone, Default)]
pub(super) struct Inner {
    pub(super) base: Option<Base>,
    pub(super) transport: Transport,
    /// None, if nothing is set: then a call is one request.
    pub(super) settings: Option<Box<Settings>>,
    pub(super) layers: Option<Layers>,
}

impl Client {
    /// A client of the server at a URL, such as `https://example.com/api`, or at a Unix socket, `unix:/run/app.sock`.
    ///
    /// # Errors
    /// [`FaultKind::InvalidUrl`](crate::service::FaultKind::InvalidUrl) if it is none.
    pub fn new(url: &str) -> Result<Self, Fault> {
        let base = Some(Base::read(url)?);
        Ok(Self(Arc::new(Inner { base, ..Inner::default() })))
    }

    /// A request, to be completed and sent.
    pub fn request(&self, method: Method, url: impl AsRef<str>) -> RequestBuilder {
        RequestBuilder::new(self.clone(), method, url.as_ref())
    }

    /// A GET, to be completed and sent.
    pub fn get(&self, url: impl AsRef<str>) -> RequestBuilder {
        self.request(Method::GET, url)
    }

    /// A HEAD, to be completed and sent.
    pub fn head(&self, url: impl AsRef<str>) -> RequestBuilder {
        self.request(Method::HEAD, url)
    }

    /// A POST, to be completed and sent.
    pub fn post(&self, url: impl AsRef<str>) -> RequestBuilder {
        self.request(Method::POST, url)
    }

    /// A PUT, to be completed and sent.
    pub fn put(&self, url: impl AsRef<str>) -> RequestBuilder {
        self.request(Method::PUT, url)
    }

    /// A PATCH, to be completed and sent.
    pub fn patch(&self, url: impl AsRef<str>) -> RequestBuilder {
        self.request(Method::PATCH, url)
    }

    /// A DELETE, to be completed and sent.
    pub fn delete(&self, url: impl AsRef<str>) -> RequestBuilder {
        self.request(Method::DELETE, url)
    }

    /// The path of the URL, without a `/` at its end: what goes before the paths of an API that lies there.
    #[must_use]
    pub fn prefix(&self) -> &str {
        self.0.base.as_ref().map_or("", Base::prefix)
    }

    /// The server that it calls, if it has one of its own.
    #[must_use]
    pub fn origin(&self) -> Option<&Origin> {
        self.0.base.as_ref().map(Base::origin)
    }

    pub(super) fn inner(&self) -> &Inner {
        &self.0
    }
}

/// What is set. Each of these gives the same client, which shares its connections unless it says otherwise.
impl Client {
    /// With connections that are made as a connector says, and none of those that it has.
    #[must_use]
    pub fn with_connector(mut self, connector: Connector) -> Self {
        self.inner_mut().transport = Transport::new(connector);
        self
    }

    /// With these timeouts.
    #[must_use]
    pub fn with_timeouts(mut self, timeouts: Timeouts) -> Self {
        let connector = &mut self.inner_mut().transport.connector;
        *connector = connector.clone().timeouts(timeouts);
        self
    }

    /// With a field that each request gets which has none of that name. Default: none.
    ///
    /// A credential (`Authorization`, `Proxy-Authorization`, `Cookie`, and each value that is
    /// [sensitive](HeaderValue::set_sensitive)) goes to the client's own server alone, if it has one.
    #[must_use]
    pub fn with_header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        let fields = &mut self.settings().fields;
        fields.retain(|(taken, _)| *taken != name);
        fields.push((name, value));
        self
    }

    /// With a name and a password for the client's own server; see [`with_header`](Self::with_header).
    ///
    /// # Errors
    /// [`FaultKind::InvalidRequest`](crate::service::FaultKind::InvalidRequest) if there is a `:` in the name, or a
    /// control character anywhere (RFC 7617 §2).
    pub fn with_basic_auth(self, user: &str, password: &str) -> Result<Self, Fault> {
        Ok(self.with_header(header::AUTHORIZATION, auth::basic(user, password)?))
    }

    /// With a token for the client's own server; see [`with_header`](Self::with_header).
    ///
    /// # Errors
    /// [`FaultKind::InvalidRequest`](crate::service::FaultKind::InvalidRequest) if it cannot stand in a field.
    pub fn with_bearer(self, token: &str) -> Result<Self, Fault> {
        Ok(self.with_header(header::AUTHORIZATION, auth::bearer(token)?))
    }

    /// With redirections followed as this says, those of generated clients' calls too. Default: see [`Redirects`].
    #[must_use]
    pub fn with_redirects(mut self, redirects: Redirects) -> Self {
        self.settings().redirects = Some(redirects);
        self
    }

    /// With requests made again as this says, those of generated clients' calls too. Default: see [`Retries`].
    #[must_use]
    pub fn with_retries(mut self, retries: Retries) -> Self {
        self.settings().retries = Some(retries);
        self
    }

    /// With cookies kept in this jar, for generated clients' calls too. Default: none are kept.
    #[cfg(feature = "cookies")]
    #[must_use]
    pub fn with_cookies(mut self, jar: CookieJar) -> Self {
        self.settings().cookies = Some(jar);
        self
    }

    /// With codings of content undone as this says, for generated clients' calls too. Default: see [`Codings`].
    #[cfg(feature = "compression")]
    #[must_use]
    pub fn with_codings(mut self, codings: Codings) -> Self {
        self.settings().codings = Some(codings);
        self
    }

    /// With a bound on the content of each answer, in bytes: reading more fails with
    /// [`FaultKind::TooLarge`](crate::service::FaultKind::TooLarge). Default: none for content that is read as it comes;
    /// what is read whole has a bound of its own.
    #[must_use]
    pub fn with_max_body(mut self, bytes: u64) -> Self {
        self.settings().max_body = Some(bytes);
        self
    }

    pub(super) fn inner_mut(&mut self) -> &mut Inner {
        Arc::make_mut(&mut self.0)
    }

    fn settings(&mut self) -> &mut Settings {
        self.inner_mut().settings.get_or_insert_default()
    }
}

/// Gets a URL with a client for this one call: for scripts. Who calls more than once keeps a [`Client`], and with it
/// its connections.
///
/// ```no_run
/// # async fn call() -> Result<(), counterpart::Fault> {
/// let page = counterpart::client::get("http://example.com/").await?.text().await?;
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// As [`RequestBuilder::send`].
pub async fn get(url: impl AsRef<str>) -> Result<OwnedAnswer, Fault> {
    Client::default().get(url).send().await
}

impl Service for Client {
    fn call(&self, request: Request) -> impl Future<Output = Result<Response, Fault>> + Send {
        self.0.clone().carry(request, self.0.layers.is_some())
    }
}

/// As its calls have it with them, each is one future.
impl Erased for Client {
    fn call(&self, request: Request) -> BoxFuture<'_, Result<Response, Fault>> {
        Box::pin(Service::call(self, request))
    }

    fn call_shared(&self, request: Request) -> BoxFuture<'static, Result<Response, Fault>> {
        Box::pin(self.0.clone().carry(request, self.0.layers.is_some()))
    }
}
