//! The client that keeps connections: where they come from, and where they rest between two calls.

use std::sync::Arc;

use http::{HeaderValue, Method, header};
use tokio::time::Instant;

use crate::body::Body;
use crate::drive::h1_client::{CallTerms, Connection};
use crate::drive::timeouts::Timeouts;
use crate::io::Tcp;
use crate::message::{Request, Response};
use crate::proto::h1::Limits;
use crate::service::{Fault, FaultKind, Phase, Service};
use crate::text::RequestHead;

use super::authority::Authority;
use super::dial::Dial;
use super::pool::{Home, Pool};
use super::url::Url;

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
    pool: Pool,
    limits: Arc<Limits>,
    timeouts: Timeouts,
}

#[derive(Debug, Clone)]
struct Base {
    server: Server,
    prefix: Box<str>,
}

/// Whom a call is for: as it is called, and as its requests name it.
#[derive(Debug, Clone)]
struct Server {
    authority: Arc<Authority>,
    host: HeaderValue,
}

impl Client {
    /// A client of the server at a URL, such as `http://localhost:8080` or `http://example.com/api`.
    ///
    /// # Errors
    /// [`FaultKind::InvalidUrl`] if it is none, or none over `http`.
    pub fn new(url: &str) -> Result<Self, Fault> {
        let url = Url::read(url)?;
        let prefix = url.path().into();
        let base = Base { server: Server::new(url.authority)?, prefix };
        Ok(Self(Arc::new(Inner {
            base,
            pool: Pool::default(),
            limits: Arc::new(Limits::client()),
            timeouts: Timeouts::default(),
        })))
    }

    /// The same client, which shares its connections, with these timeouts.
    #[must_use]
    pub fn with_timeouts(mut self, timeouts: Timeouts) -> Self {
        Arc::make_mut(&mut self.0).timeouts = timeouts;
        self
    }

    /// The path of the URL, without a `/` at its end: what goes before the paths of an API that lies there.
    ///
    /// It is not put before the target of a call, which goes out as it is.
    #[must_use]
    pub fn prefix(&self) -> &str {
        &self.0.base.prefix
    }

    /// The server's name and port.
    #[must_use]
    pub fn authority(&self) -> &Authority {
        &self.0.base.server.authority
    }
}

impl Service for Client {
    async fn call(&self, request: Request) -> Result<Response, Fault> {
        if let Some(mistake) = request.target_mistake() {
            return Err(Fault::new(FaultKind::InvalidRequest, mistake));
        }
        let Request { mut head, body, extensions, .. } = request;
        let server = self.0.aim(&mut head)?;
        let terms = CallTerms::new(self.0.timeouts, &extensions);
        let response = self.0.send(&server, &head, body, terms).await;
        response.map_err(|fault| fault.in_call(&head.method, &server.url(&head.target)))
    }
}

impl Server {
    fn new(authority: Authority) -> Result<Self, Fault> {
        let host = HeaderValue::try_from(authority.to_string());
        let host = host.map_err(|error| Fault::new(FaultKind::InvalidUrl, error))?;
        Ok(Self { host, authority: Arc::new(authority) })
    }

    fn url(&self, target: &[u8]) -> String {
        format!("http://{}{}", self.authority, target.escape_ascii())
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
                Server::new(url.authority)?
            }
        };
        if !head.fields.contains(header::HOST) {
            head.fields.append(header::HOST, server.host.clone());
        }
        Ok(server)
    }

    /// Sends on a kept connection, or on a new one. One that turns out to have been closed while it was kept
    /// has served nobody: then the call is made once more, if it can do no harm twice.
    async fn send(
        &self,
        server: &Server,
        head: &RequestHead,
        mut body: Body,
        terms: CallTerms,
    ) -> Result<Response, Fault> {
        let deadline = terms.total().and_then(|total| Instant::now().checked_add(total));
        if let Some(kept) = self.pool.take(&server.authority) {
            let copy = if is_repeatable(&head.method) { body.copy() } else { None };
            let Some(copy) = copy else {
                return kept.call(head, body, terms, self.home(server)).await;
            };
            match kept.call(head, copy, terms.clone(), self.home(server)).await {
                Err(fault) if matches!(fault.kind(), FaultKind::Disconnected { reused: true }) => {}
                outcome => return outcome,
            }
        }
        let wire = self.connect(server, deadline).await?;
        let left = deadline.map(|deadline| deadline.saturating_duration_since(Instant::now()));
        let fresh = Connection::new(wire, self.limits.clone());
        fresh.call(head, body, terms.with_total(left), self.home(server)).await
    }

    async fn connect(&self, server: &Server, deadline: Option<Instant>) -> Result<Tcp, Fault> {
        let (dial, limit) = (Dial::default(), self.timeouts.connect);
        let connecting = dial.connect(&server.authority, limit);
        match deadline {
            None => connecting.await,
            Some(deadline) => tokio::time::timeout_at(deadline, connecting)
                .await
                .unwrap_or(Err(FaultKind::Timeout(Phase::Total).into())),
        }
    }

    fn home(&self, server: &Server) -> Home {
        self.pool.home(server.authority.clone())
    }
}

/// Methods that may be sent twice (RFC 9110 §9.2.2).
fn is_repeatable(method: &Method) -> bool {
    method.is_idempotent()
}
