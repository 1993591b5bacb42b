//! Tunnels: a proxy asked to pass bytes on (RFC 9110 §9.3.6).

use std::fmt;
use std::future::poll_fn;
use std::sync::Arc;
use std::time::Duration;

use http::{HeaderValue, Method, StatusCode, header};
use tokio::time::timeout;

use super::Proxy;
use crate::client::{Authority, Connector, Origin};
use crate::drive::exchange::{Exchange, Terms};
use crate::drive::patience::Timer;
use crate::drive::timeouts::Timeouts;
use crate::io::AnyWire;
use crate::proto::h1::{Length, Limits};
use crate::service::{Fault, FaultKind, Phase};
use crate::text::{Fields, RequestHead, ResponseHead};
use crate::wire::Upgraded;

/// What a proxy answered that made no tunnel: the cause of a fault of the kind [`FaultKind::Proxy`].
///
/// ```
/// use counterpart::Fault;
/// use counterpart::client::Refusal;
///
/// /// What the proxy wants to be told.
/// fn challenge(fault: &Fault) -> Option<&[u8]> {
///     fault.cause()?.downcast_ref::<Refusal>()?.fields().get("proxy-authenticate")
/// }
/// ```
#[derive(Debug)]
pub struct Refusal {
    head: ResponseHead,
    proxy: Arc<Origin>,
    to: String,
}

impl Refusal {
    /// Its status, which is none of 2xx.
    #[must_use]
    pub const fn status(&self) -> StatusCode {
        self.head.status
    }

    /// The fields of the proxy's answer.
    #[must_use]
    pub const fn fields(&self) -> &Fields {
        &self.head.fields
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { head, proxy, to } = self;
        write!(f, "{proxy} makes no tunnel to {to}: {}", head.status)?;
        match head.status {
            StatusCode::PROXY_AUTHENTICATION_REQUIRED => {
                f.write_str("; give it credentials with `Proxy::basic_auth`")
            }
            _ => Ok(()),
        }
    }
}

impl std::error::Error for Refusal {}

impl Connector {
    /// Connects to a proxy and has it make a tunnel, whomever else it serves. What the other end says first is read
    /// first, though it came together with the proxy's answer.
    ///
    /// The tunnel carries what one likes; for HTTP it is a wire as any other ([`over`](Self::over)):
    ///
    /// ```no_run
    /// use counterpart::client::{Connector, Proxy};
    /// use counterpart::{Request, http::Method};
    ///
    /// # async fn call() -> Result<(), counterpart::Fault> {
    /// let connector = Connector::new();
    /// let proxy = Proxy::all("http://proxy.example:3128")?;
    /// let tunnel = connector.tunnel(&proxy, &"example.com:80".parse()?).await?;
    /// let mut connection = connector.over(tunnel);
    /// let answer = connection.send(Request::new(Method::GET, "http://example.com/")).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`FaultKind::Proxy`] if it makes none, and whatever connecting meets.
    pub async fn tunnel(&self, proxy: &Proxy, to: &Authority) -> Result<Upgraded, Fault> {
        let wire = self.wire_to_proxy(proxy).await?;
        self.tunnel_over(wire, proxy, &Origin::from(to.clone())).await
    }

    /// Asks the proxy at the other end of a wire for a tunnel to an origin.
    pub(in crate::client) async fn tunnel_over(
        &self,
        wire: AnyWire,
        proxy: &Proxy,
        to: &Origin,
    ) -> Result<Upgraded, Fault> {
        let to = with_port(to);
        let head = question(proxy, &to)?;
        let limits = Limits { head: MOST_HEAD, ..Limits::client() };
        let mut exchange: Exchange<_, Timer> = Exchange::new(wire, Arc::new(limits));
        exchange.begin(&head, Length::Absent, &self.tunnel_terms().into())?;
        exchange.send(crate::body::Body::empty())?;
        let limit = self.terms.timeouts.connect;
        let Ok(answer) = timeout(limit, poll_fn(|cx| exchange.poll_head(cx))).await else {
            let why = format!("{} made no tunnel to {to}: no answer", proxy.origin);
            return Err(Fault::new(FaultKind::Timeout(Phase::Connect), why));
        };
        let head = answer.map_err(|fault| {
            Fault::new(
                FaultKind::Connect,
                format!("{} made no tunnel to {to}: {fault}", proxy.origin),
            )
        })?;
        if !exchange.is_switched() {
            let kind = FaultKind::Proxy(head.status);
            return Err(Fault::new(kind, Refusal { head, proxy: proxy.origin.clone(), to }));
        }
        self.terms.trace.note(|| format!("{} made a tunnel to {to}", proxy.origin));
        Ok(exchange.hand_over())
    }

    /// The time for all of it stands around it.
    fn tunnel_terms(&self) -> Terms {
        let mut timeouts = Timeouts::default();
        (timeouts.send, timeouts.head) = (Duration::MAX, Duration::MAX);
        Terms { timeouts, trace: self.terms.trace.clone(), ..Terms::default() }
    }
}

/// The request for a tunnel.
fn question(proxy: &Proxy, to: &str) -> Result<RequestHead, Fault> {
    let mut head = RequestHead::new(Method::CONNECT, to.to_owned());
    let host = HeaderValue::try_from(to);
    head.fields
        .append(header::HOST, host.map_err(|error| Fault::new(FaultKind::InvalidUrl, error))?);
    for (name, value) in &proxy.fields {
        head.fields.append(name.clone(), value.clone());
    }
    Ok(head)
}

/// A tunnel leads to a port, whatever goes without saying elsewhere.
fn with_port(to: &Origin) -> String {
    match to.named() {
        named if to.port() == to.scheme().default_port() => format!("{named}:{}", to.port()),
        named => named,
    }
}

/// What a proxy may answer, in bytes: it is asked for nothing but a status.
const MOST_HEAD: usize = 64 * 1024;
