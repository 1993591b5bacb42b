//! The transport of a client: one request, one answer, over a connection that was kept or is made.

use std::sync::Arc;
use std::time::Duration;

use http::HeaderName;
use tokio::time::{Instant, timeout, timeout_at};

use super::connector::Connector;
use super::origin::Origin;
use super::pool::{Place, Pool};
use super::proxy::Way;
use crate::body::Body;
use crate::drive::h1_client::{CallTerms, Connection};
use crate::message::Response;
use crate::proto::h1::Limits;
use crate::service::{Fault, FaultKind, Phase};
use crate::text::RequestHead;

/// Connections that rest, and how others are made.
#[derive(Debug, Clone)]
pub(super) struct Transport {
    pub(super) connector: Connector,
    limits: Arc<Limits>,
    pool: Pool,
    /// Connections to proxies, which pass on requests to anybody.
    forwarding: Pool,
}

/// When the whole call must be over, if ever.
#[derive(Clone, Copy)]
struct Until(Option<Instant>);

impl Default for Transport {
    fn default() -> Self {
        Self::new(Connector::new())
    }
}

impl Transport {
    pub(super) fn new(connector: Connector) -> Self {
        let limits = connector.limits.clone().unwrap_or_else(|| Arc::new(Limits::client()));
        let (pool, forwarding) = (Pool::new(connector.pooling), Pool::new(connector.pooling));
        Self { connector, limits, pool, forwarding }
    }

    /// Sends on a kept connection, or on a new one. One that turns out to have been closed while it was kept
    /// has served nobody: then the call is made once more, if it can do no harm twice.
    pub(super) async fn send(
        &self,
        origin: &Arc<Origin>,
        head: &RequestHead,
        body: Body,
        terms: CallTerms,
    ) -> Result<Response, Fault> {
        let way = self.connector.way_to(origin)?;
        let rewritten = self.connector.rewritten(head, way, origin);
        let head = rewritten.as_deref().unwrap_or(head);
        let (pool, to) = match way {
            Way::Forward(proxy) => (&self.forwarding, proxy.origin()),
            _ => (&self.pool, origin),
        };
        let until = Until::after(terms.total());
        let place = match pool.place(to) {
            Some(turn) => Box::pin(until.bound(self.wait_for(turn))).await?,
            None => None,
        };
        let mut body = Some(body);
        if let Some(kept) = pool.take(to) {
            let again = self.connector.may_repeat(head);
            let copy = body.as_mut().filter(|_| again).and_then(Body::copy);
            let home = pool.home(to, place.clone());
            match kept.call(head, &mut body, terms.clone(), home).await {
                Err(fault) if again && was_closed(&fault) => match copy.or(body) {
                    Some(whole) => body = Some(whole),
                    None => return Err(fault),
                },
                outcome => return outcome,
            }
        }
        // Behind a pointer: what it takes to connect is not carried through each call.
        Box::pin(async {
            pool.make_room(to, place.as_ref());
            let wire = until.bound(self.connector.wire_by(way, origin)).await?;
            let fresh = Connection::new(wire, self.limits.clone());
            let (home, terms) = (pool.home(to, place), terms.with_total(until.left()));
            fresh.call(head, &mut body, terms, home).await
        })
        .await
    }

    async fn wait_for(
        &self,
        turn: impl Future<Output = Option<Place>>,
    ) -> Result<Option<Place>, Fault> {
        let place = timeout(self.connector.terms.timeouts.pool, turn).await;
        place.map_err(|_| FaultKind::Timeout(Phase::Pool).into())
    }
}

impl Until {
    fn after(total: Option<Duration>) -> Self {
        Self(total.and_then(|total| Instant::now().checked_add(total)))
    }

    fn left(self) -> Option<Duration> {
        self.0.map(|until| until.saturating_duration_since(Instant::now()))
    }

    /// The same, given up when there is no more time.
    async fn bound<T>(self, step: impl Future<Output = Result<T, Fault>>) -> Result<T, Fault> {
        match self.0 {
            None => step.await,
            Some(until) => timeout_at(until, step)
                .await
                .unwrap_or_else(|_| Err(FaultKind::Timeout(Phase::Total).into())),
        }
    }
}

impl Connector {
    /// Makes a request with an `Idempotency-Key` again whatever its method, where a connection that was kept turns out
    /// to have been closed by the server. Default: only methods that may be sent twice (RFC 9110 §9.2.2), such as GET
    /// and PUT; not POST and PATCH.
    ///
    /// For servers that heed that field: any other may do twice what it was asked once.
    #[must_use]
    pub const fn repeat_keyed(mut self, repeat: bool) -> Self {
        self.repeat_keyed = repeat;
        self
    }

    pub(super) fn may_repeat(&self, head: &RequestHead) -> bool {
        head.method.is_idempotent() || self.repeat_keyed && head.fields.contains(&IDEMPOTENCY_KEY)
    }
}

/// Whether the peer had ended the connection before it saw the request, as far as can be told.
fn was_closed(fault: &Fault) -> bool {
    matches!(fault.kind(), FaultKind::Disconnected { reused: true })
}

const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");
