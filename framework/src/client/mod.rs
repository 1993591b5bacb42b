//! The client: any number of calls to servers over sockets, on connections that are kept.
//!
//! Here: [`Client`], where connections come from and where they rest. Not here: one connection (`drive`), typed
//! calls (`api`).
//! Read in this order: `url`, `connect`, `pool`, this file.

mod connect;
mod pool;
mod url;

use std::sync::Arc;

use http::{HeaderValue, Method, header};

use crate::body::Body;
use crate::drive::h1_client::Connection;
use crate::io::Tcp;
use crate::message::{Request, Response};
use crate::proto::h1::Limits;
use crate::service::{Deadline, Fault, FaultKind, Phase, Service};
use crate::text::RequestHead;
use pool::{Home, Pool};
use url::Url;

pub use crate::drive::timeouts::Timeouts;

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
    authority: Arc<str>,
    host: HeaderValue,
    prefix: Box<str>,
}

impl Client {
    /// A client of the server at a URL, such as `http://localhost:8080` or `http://example.com/api`.
    ///
    /// # Errors
    /// [`FaultKind::InvalidUrl`] if it is none, or none over `http`.
    pub fn new(url: &str) -> Result<Self, Fault> {
        let url = Url::read(url)?;
        let base = Base {
            authority: url.authority.into(),
            host: host(url.authority)?,
            prefix: url.path().into(),
        };
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
    pub fn authority(&self) -> &str {
        &self.0.base.authority
    }
}

impl Service for Client {
    async fn call(&self, request: Request) -> Result<Response, Fault> {
        if let Some(mistake) = request.target_mistake() {
            return Err(Fault::new(FaultKind::InvalidRequest, mistake));
        }
        let Request { mut head, body, extensions, .. } = request;
        let authority = self.0.aim(&mut head)?;
        let deadline = extensions
            .get::<Deadline>()
            .and_then(|limit| tokio::time::Instant::now().checked_add(limit.0));
        let Some(deadline) = deadline else { return self.0.send(&authority, head, body).await };
        let answer = tokio::time::timeout_at(deadline, self.0.send(&authority, head, body)).await;
        let mut response = answer.map_err(|_| Fault::from(FaultKind::Timeout(Phase::Total)))??;
        if response.body.length() != Some(0) && response.body.whole().is_none() {
            response.body = Body::wrap(connect::Timed::new(response.body, deadline));
        }
        Ok(response)
    }
}

impl Inner {
    /// Finds out whom a request is for, and writes its target and `Host` as that server wants them.
    fn aim(&self, head: &mut RequestHead) -> Result<Arc<str>, Fault> {
        let (authority, value) = match head.target.first() {
            Some(b'/' | b'*') => (self.base.authority.clone(), self.base.host.clone()),
            _ => {
                let target = head.target.clone();
                let text = std::str::from_utf8(&target).map_err(|_| FaultKind::InvalidUrl)?;
                let url = Url::read(text)?;
                head.target = match url.target {
                    "" => "/".into(),
                    query if query.starts_with('?') => format!("/{query}").into(),
                    target => target.to_owned().into(),
                };
                (url.authority.into(), host(url.authority)?)
            }
        };
        if !head.fields.contains(header::HOST) {
            head.fields.append(header::HOST, value);
        }
        Ok(authority)
    }

    /// Sends on a kept connection, or on a new one. One that turns out to have been closed while it was kept
    /// has served nobody: then the call is made once more, if it can do no harm twice.
    async fn send(
        &self,
        authority: &Arc<str>,
        head: RequestHead,
        mut body: Body,
    ) -> Result<Response, Fault> {
        if let Some(kept) = self.pool.take(authority) {
            let copy = if is_repeatable(&head.method) { body.take_whole() } else { None };
            let Some(bytes) = copy else {
                return self.exchange(kept, authority, &head, body).await;
            };
            match self.exchange(kept, authority, &head, Body::from(bytes.clone())).await {
                Err(fault) if matches!(fault.kind(), FaultKind::Disconnected { reused: true }) => {
                    body = Body::from(bytes);
                }
                outcome => return outcome,
            }
        }
        let wire = connect::connect(authority, self.timeouts.connect).await?;
        let fresh = Connection::new(wire, self.limits.clone());
        self.exchange(fresh, authority, &head, body).await
    }

    async fn exchange(
        &self,
        connection: Connection<Tcp>,
        authority: &Arc<str>,
        head: &RequestHead,
        body: Body,
    ) -> Result<Response, Fault> {
        connection.call(head, body, self.timeouts, self.home(authority)).await
    }

    fn home(&self, authority: &Arc<str>) -> Home {
        self.pool.home(authority.clone())
    }
}

fn host(authority: &str) -> Result<HeaderValue, Fault> {
    HeaderValue::from_str(authority).map_err(|error| Fault::new(FaultKind::InvalidUrl, error))
}

/// Methods that may be sent twice (RFC 9110 §9.2.2).
fn is_repeatable(method: &Method) -> bool {
    method.is_idempotent()
}
