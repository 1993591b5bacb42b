//! The transport of a client: one request, one answer, over a connection that was kept or is made.

use std::future::poll_fn;
use std::io;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use http::HeaderName;
use tokio::time::{Instant, timeout, timeout_at};

use super::budget::{Budget, PERCENT, by_chance};
use super::connector::Connector;
use super::origin::Origin;
use super::pool::{Place, Pool};
use super::proxy::Way;
use crate::body::Body;
use crate::drive::h1_client::{CallTerms, Connection};
use crate::message::Response;
use crate::proto::h1::Limits;
use crate::service::{Fault, FaultKind, Phase, TlsProblem};
use crate::text::RequestHead;

/// Connections that rest, and how others are made.
#[derive(Debug, Clone)]
pub(super) struct Transport {
    pub(super) connector: Connector,
    limits: Arc<Limits>,
    budget: Arc<Budget>,
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
        let budget = Arc::new(Budget::new(PERCENT));
        Self { connector, limits, budget, pool, forwarding }
    }

    /// Sends on a kept connection, or on a new one; and again on a new one if the peer has closed it without a word, and
    /// it can do no harm twice.
    ///
    /// A block in a function, as an `async fn` would have room for each argument twice.
    pub(super) fn send<'a>(
        &'a self,
        origin: &'a Arc<Origin>,
        head: &'a RequestHead,
        body: Body,
        terms: &'a CallTerms,
    ) -> impl Future<Output = Result<Response, Fault>> + Send + 'a {
        let mut body = Some(body);
        async move {
            let way = self.connector.way_to(origin)?;
            let rewritten = self.connector.rewritten(head, way, origin);
            let head = rewritten.as_deref().unwrap_or(head);
            let (pool, to) = match way {
                Way::Forward(proxy) => (&self.forwarding, proxy.origin()),
                _ => (&self.pool, origin),
            };
            let until = Until::after(terms.total());
            let place = match pool.counts() {
                // Behind a pointer: few wait, and it is much.
                true => Box::pin(until.bound(self.wait_for(pool, to))).await?,
                false => None,
            };
            let may_repeat = self.connector.may_repeat(head);
            let taken = poll_fn(|cx| Poll::Ready(pool.take(to, place.as_ref(), cx)));
            let kept = taken.await;
            let repeated = u32::from(kept.is_some());
            if let Some((kept, home)) = kept {
                let copy = body.as_mut().filter(|_| may_repeat).and_then(Body::copy);
                match kept.call(head, &mut body, terms, home).await {
                    Err(fault) if may_repeat && was_closed(&fault) => match copy.or(body) {
                        Some(whole) => body = Some(whole),
                        None => return Err(fault),
                    },
                    outcome => return outcome,
                }
            }
            let new =
                New { transport: self, way, origin, pool, to, head, terms, until, may_repeat };
            // Behind a pointer: what it takes to connect is not carried through each call.
            Box::pin(new.send(body, place, repeated)).await
        }
    }

    async fn wait_for(&self, pool: &Pool, to: &Arc<Origin>) -> Result<Option<Place>, Fault> {
        let Some(turn) = pool.place(to) else { return Ok(None) };
        let place = timeout(self.connector.terms.timeouts.pool, turn).await;
        place.map_err(|_| FaultKind::Timeout(Phase::Pool).into())
    }
}

/// One request over new connections.
struct New<'a> {
    transport: &'a Transport,
    way: Way<'a>,
    origin: &'a Arc<Origin>,
    pool: &'a Pool,
    /// Whom its connection leads to.
    to: &'a Arc<Origin>,
    head: &'a RequestHead,
    terms: &'a CallTerms,
    until: Until,
    may_repeat: bool,
}

impl New<'_> {
    async fn send(
        self,
        mut body: Option<Body>,
        place: Option<Place>,
        mut repeated: u32,
    ) -> Result<Response, Fault> {
        self.transport.budget.earn();
        loop {
            let copy = body.as_mut().filter(|_| self.may_repeat).and_then(Body::copy);
            let fault = match self.attempt(&mut body, place.clone()).await {
                Err(fault) if repeated < REPEATS && self.may_follow(&fault) => fault,
                outcome => return outcome,
            };
            body = copy.or(body);
            if body.is_none() || !self.affords(repeated).await? {
                return Err(fault);
            }
            repeated += 1;
        }
    }

    async fn attempt(
        &self,
        body: &mut Option<Body>,
        place: Option<Place>,
    ) -> Result<Response, Fault> {
        let Transport { connector, limits, .. } = self.transport;
        self.pool.make_room(self.to, place.as_ref());
        let wire = self.until.bound(connector.wire_by(self.way, self.origin)).await?;
        let connection = Connection::new(wire, limits.clone());
        let home = self.pool.home(self.to, place);
        let terms = self.terms.clone().with_total(self.until.left());
        connection.call(self.head, body, &terms, home).await
    }

    fn may_follow(&self, fault: &Fault) -> bool {
        was_taken_back(fault) || self.may_repeat && was_closed(fault)
    }

    /// The first repetition is free: the connection was stale, or the server was about to restart. A peer that closes each
    /// of them is called a little more, a little later.
    async fn affords(&self, repeated: u32) -> Result<bool, Fault> {
        if repeated == 0 {
            return Ok(true);
        }
        let affords = self.transport.budget.spend();
        if affords {
            let wait = by_chance(FIRST, LONGEST, repeated);
            let waiting = async {
                tokio::time::sleep(wait).await;
                Ok(())
            };
            self.until.bound(waiting).await?;
        }
        Ok(affords)
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
    /// Makes a request with an `Idempotency-Key` again whatever its method, where the server has closed the connection
    /// without an answer. Default: only methods that may be sent twice (RFC 9110 §9.2.2), such as GET
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

/// Whether the peer has closed the connection without a word, be it that it had done so before it saw the request.
fn was_closed(fault: &Fault) -> bool {
    matches!(fault.kind(), FaultKind::Disconnected { .. })
}

/// Whether the peer has taken a connection and closed it before anything could be sent.
fn was_taken_back(fault: &Fault) -> bool {
    let io = fault.cause().and_then(|cause| cause.downcast_ref::<io::Error>());
    let was_reset = io.is_some_and(|error| error.kind() == io::ErrorKind::ConnectionReset);
    match fault.kind() {
        FaultKind::Tls(problem) => problem == TlsProblem::Closed,
        kind => kind == FaultKind::Connect && was_reset,
    }
}

/// How often at most a request is made again on a new connection, as curl has it.
const REPEATS: u32 = 5;
/// The wait before it is, but for the first time.
const FIRST: Duration = Duration::from_millis(20);
const LONGEST: Duration = Duration::from_millis(500);
const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");
