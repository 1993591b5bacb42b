//! The client that keeps connections: where they come from, and where they rest between two calls.

use std::sync::Arc;

use http::{HeaderValue, header};

use super::connector::Connector;
use super::origin::Origin;
use super::transport::Transport;
use super::url::Url;
use crate::drive::h1_client::CallTerms;
use crate::drive::timeouts::Timeouts;
use crate::message::{Request, Response};
use crate::service::{Fault, FaultKind, Service};
use crate::text::RequestHead;

/// Calls servers over TCP. A clone shares the connections.
///
/// A request whose target is a path goes to the client's own server; one whose target is a whole URL goes
/// where that says. Connections are kept and used again; calls side by side open as many as they need. It never
/// waits for ever: see [`Timeouts`].
///
/// ```no_run
/// use counterpart::client::Client;
/// use counterpart::{Request, Service, http::Method};
///
/// # async fn call() -> Result<(), counterpart::Fault> {
/// let client = Client::new("http://127.0.0.1:8080")?;
/// let response = client.call(Request::new(Method::GET, "/users/1")).await?;
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct Client(Arc<Inner>);

#[derive(Debug, Clone)]
struct Inner {
    base: Base,
    transport: Transport,
}

#[derive(Debug, Clone)]
struct Base {
    server: Server,
    prefix: Box<str>,
}

/// Whom a call is for: as it is called, and as its requests name it.
#[derive(Debug, Clone)]
struct Server {
    origin: Arc<Origin>,
    host: HeaderValue,
}

impl Client {
    /// A client of the server at a URL, such as `https://example.com/api`, or at a Unix socket, `unix:/run/app.sock`.
    ///
    /// # Errors
    /// [`FaultKind::InvalidUrl`] if it is none.
    pub fn new(url: &str) -> Result<Self, Fault> {
        let (origin, prefix) = match url.starts_with("unix:") {
            true => (url.parse()?, ""),
            false => {
                let url = Url::read(url)?;
                let prefix = url.path();
                (url.origin, prefix)
            }
        };
        let base = Base { server: Server::new(origin)?, prefix: prefix.into() };
        Ok(Self(Arc::new(Inner { base, transport: Transport::new(Connector::new()) })))
    }

    /// The same client with connections that are made as a connector says, and none of those that it has.
    #[must_use]
    pub fn with_connector(mut self, connector: Connector) -> Self {
        Arc::make_mut(&mut self.0).transport = Transport::new(connector);
        self
    }

    /// The same client, which shares its connections, with these timeouts.
    #[must_use]
    pub fn with_timeouts(mut self, timeouts: Timeouts) -> Self {
        let connector = &mut Arc::make_mut(&mut self.0).transport.connector;
        *connector = connector.clone().timeouts(timeouts);
        self
    }

    /// The path of the URL, without a `/` at its end: what goes before the paths of an API that lies there.
    ///
    /// It is not put before the target of a call, which goes out as it is.
    #[must_use]
    pub fn prefix(&self) -> &str {
        &self.0.base.prefix
    }

    /// The server that it calls.
    #[must_use]
    pub fn origin(&self) -> &Origin {
        &self.0.base.server.origin
    }
}

impl Service for Client {
    async fn call(&self, request: Request) -> Result<Response, Fault> {
        if let Some(mistake) = request.target_mistake() {
            return Err(Fault::new(FaultKind::InvalidRequest, mistake));
        }
        let Request { mut head, body, extensions, .. } = request;
        let server = self.0.aim(&mut head)?;
        let terms = CallTerms::new(&self.0.transport.connector.terms, &extensions);
        let response = self.0.transport.send(&server.origin, &head, body, terms).await;
        response.map_err(|fault| fault.in_call(&head.method, &server.url(&head.target)))
    }
}

impl Server {
    fn new(origin: Origin) -> Result<Self, Fault> {
        let host = HeaderValue::try_from(origin.named());
        let host = host.map_err(|error| Fault::new(FaultKind::InvalidUrl, error))?;
        Ok(Self { host, origin: Arc::new(origin) })
    }

    fn url(&self, target: &[u8]) -> String {
        format!("{}{}", self.origin, target.escape_ascii())
    }
}

impl Inner {
    /// Finds out whom a request is for, and writes its target and `Host` as that server wants them.
    fn aim(&self, head: &mut RequestHead) -> Result<Server, Fault> {
        let server = match head.target.first() {
            Some(b'/' | b'*') => self.base.server.clone(),
            _ => {
                let target = head.target.clone();
                let text = std::str::from_utf8(&target).map_err(|_| FaultKind::InvalidUrl)?;
                let url = Url::read(text)?;
                head.target = match url.target {
                    "" => "/".into(),
                    query if query.starts_with('?') => format!("/{query}").into(),
                    target => target.to_owned().into(),
                };
                Server::new(url.origin)?
            }
        };
        if !head.fields.contains(header::HOST) {
            head.fields.append(header::HOST, server.host.clone());
        }
        Ok(server)
    }
}
