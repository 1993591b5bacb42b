//! The transport of a client: one request, one answer, over a connection that was kept or is made.

use std::sync::Arc;

use http::Method;
use tokio::time::Instant;

use super::connector::Connector;
use super::origin::Origin;
use super::pool::Pool;
use crate::body::Body;
use crate::drive::h1_client::{CallTerms, Connection};
use crate::io::AnyWire;
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
}

impl Default for Transport {
    fn default() -> Self {
        Self::new(Connector::new())
    }
}

impl Transport {
    pub(super) fn new(connector: Connector) -> Self {
        let limits = connector.limits.clone().unwrap_or_else(|| Arc::new(Limits::client()));
        Self { connector, limits, pool: Pool::default() }
    }

    /// Sends on a kept connection, or on a new one. One that turns out to have been closed while it was kept
    /// has served nobody: then the call is made once more, if it can do no harm twice.
    pub(super) async fn send(
        &self,
        origin: &Arc<Origin>,
        head: &RequestHead,
        mut body: Body,
        terms: CallTerms,
    ) -> Result<Response, Fault> {
        let deadline = terms.total().and_then(|total| Instant::now().checked_add(total));
        if let Some(kept) = self.pool.take(origin) {
            let copy = if is_repeatable(&head.method) { body.copy() } else { None };
            let Some(copy) = copy else {
                return kept.call(head, body, terms, self.pool.home(origin)).await;
            };
            match kept.call(head, copy, terms.clone(), self.pool.home(origin)).await {
                Err(fault) if matches!(fault.kind(), FaultKind::Disconnected { reused: true }) => {}
                outcome => return outcome,
            }
        }
        let wire = self.connect(origin, deadline).await?;
        let left = deadline.map(|deadline| deadline.saturating_duration_since(Instant::now()));
        let fresh = Connection::new(wire, self.limits.clone());
        fresh.call(head, body, terms.with_total(left), self.pool.home(origin)).await
    }

    async fn connect(&self, origin: &Origin, deadline: Option<Instant>) -> Result<AnyWire, Fault> {
        let connecting = self.connector.wire_to(origin);
        match deadline {
            None => connecting.await,
            Some(deadline) => tokio::time::timeout_at(deadline, connecting)
                .await
                .unwrap_or(Err(FaultKind::Timeout(Phase::Total).into())),
        }
    }
}

/// Methods that may be sent twice (RFC 9110 §9.2.2).
fn is_repeatable(method: &Method) -> bool {
    method.is_idempotent()
}
