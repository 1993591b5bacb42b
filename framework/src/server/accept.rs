//! Accepting: connections in, and what becomes of those there is no place for.

use std::io;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use http::{HeaderValue, StatusCode, header};
use tokio::time::Instant;

use super::Config;
use super::door::{Caller, Door};
use super::peers::{Peers, Place};
use super::spare::Spare;
use crate::drive::h1_server::House;
use crate::message::{Request, Response};
use crate::problem::{Problem, code};
use crate::service::{Fault, Service};
use crate::wire::Wire;

/// Takes connections from listeners and serves them, each as a task of its own.
pub(super) struct Acceptor<S> {
    doors: Vec<Door>,
    /// The door that is asked first, so that a busy one does not keep the others waiting.
    first: usize,
    service: Arc<S>,
    house: Arc<House>,
    /// Where connections without a place are answered.
    porch: Arc<House>,
    peers: Option<Arc<Peers>>,
    spare: Spare,
    /// When it was last said that accepting fails.
    complained: Option<Instant>,
}

impl<S: Service> Acceptor<S> {
    pub(super) fn new(
        doors: Vec<Door>,
        service: Arc<S>,
        house: Arc<House>,
        peers: Option<Arc<Peers>>,
    ) -> Self {
        let short = Config {
            handshake: PATIENCE,
            first_byte: PATIENCE,
            head: PATIENCE,
            write_stall: PATIENCE,
            connections: REFUSALS,
            ..house.config().clone()
        };
        let porch = House::new(short);
        let spare = Spare::new();
        Self { doors, first: 0, service, house, porch, peers, spare, complained: None }
    }

    /// Accepts for ever.
    pub(super) async fn run(&mut self) {
        loop {
            match std::future::poll_fn(|cx| self.poll_accept(cx)).await {
                Ok(caller) => match self.enter(&caller) {
                    Ok(place) if self.has_place().await => self.seat(caller, place),
                    Ok(_) => self.refuse(caller, Refusal::Full),
                    Err(refusal) => self.refuse(caller, refusal),
                },
                Err(error) if is_of_one_connection(&error) => {}
                Err(error) => self.make_do(&error).await,
            }
        }
    }

    /// Closes the doors behind those who are at them already, and asks all to come to an end.
    pub(super) fn close(mut self) {
        for door in std::mem::take(&mut self.doors) {
            let has_place = || self.house.crowd.count() < self.house.config().connections;
            // It ends with nobody left to accept, which is told as an error too.
            let _ = door.close(|caller| match self.enter(&caller) {
                Ok(place) if has_place() => self.seat(caller, place),
                Ok(_) => self.refuse(caller, Refusal::Full),
                Err(refusal) => self.refuse(caller, refusal),
            });
        }
    }

    fn poll_accept(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<Caller>> {
        self.first = (self.first + 1) % self.doors.len().max(1);
        let (before, after) = self.doors.split_at(self.first);
        for door in after.iter().chain(before) {
            if let Poll::Ready(caller) = door.poll_accept(cx) {
                return Poll::Ready(caller);
            }
        }
        Poll::Pending
    }

    /// Gives a connection its place among those of its peer, if they are counted.
    fn enter(&self, caller: &Caller) -> Result<Option<Place>, Refusal> {
        match (&self.peers, caller.wire.peer()) {
            (Some(peers), Some(peer)) => peers.enter(peer).map(Some).ok_or(Refusal::Greedy),
            _ => Ok(None),
        }
    }

    fn seat(&self, caller: Caller, place: Option<Place>) {
        let (service, house) = (self.service.clone(), self.house.clone());
        caller.cover.serve(caller.wire, service, house, place);
    }

    fn refuse(&self, caller: Caller, refusal: Refusal) {
        if self.porch.crowd.count() < REFUSALS {
            let (service, porch) = (Arc::new(refusal), self.porch.clone());
            caller.cover.serve(caller.wire, service, porch, None);
        }
    }

    /// Whether there is a place, or one could be made: an idle connection goes at once.
    async fn has_place(&self) -> bool {
        let most = self.house.config().connections;
        while self.house.crowd.count() >= most {
            if !self.dismiss_one(most).await {
                return false;
            }
        }
        true
    }

    /// Sends the connection away that has been idle for longest, and waits until there are fewer; false if none is
    /// idle.
    async fn dismiss_one(&self, fewer_than: usize) -> bool {
        let crowd = &self.house.crowd;
        let dismissed = crowd.dismiss_one();
        if dismissed {
            // It may have got a request at this very moment, and stay; then it is the turn of the next.
            let left = std::future::poll_fn(|cx| crowd.poll_fewer(fewer_than, cx));
            let _ = tokio::time::timeout(PARTING, left).await;
        }
        dismissed
    }

    /// Goes on where nothing can be accepted: mostly, as there are no more file descriptors. Connections that end
    /// give theirs back; if none is idle, whoever has waited longest is sent away with the descriptor in reserve,
    /// for the wait would be without end.
    async fn make_do(&mut self, error: &io::Error) {
        if is_exhausted(error) && self.dismiss_one(self.house.crowd.count()).await {
            return;
        }
        if self.complained.is_none_or(|last| last.elapsed() >= SILENCE) {
            self.complained = Some(Instant::now());
            tracing::error!(target: "counterpart", "cannot accept: {error}");
        }
        if is_exhausted(error) {
            let Self { doors, spare, .. } = self;
            spare.lend(|| doors.iter().for_each(Door::turn_away));
        }
        tokio::time::sleep(BACK_OFF).await;
    }
}

impl<S> Drop for Acceptor<S> {
    fn drop(&mut self) {
        self.house.crowd.stop();
        self.porch.crowd.stop();
    }
}

/// Answers everything with why there is no place, and closes.
#[derive(Clone, Copy)]
enum Refusal {
    /// The server has as many connections as it takes.
    Full,
    /// The peer has. That is for the peer to change, and others are served, so it is no 503: one that watches the
    /// server would take it for ill. RFC 6585 §4 leaves it to the server what it counts.
    Greedy,
}

impl Service for Refusal {
    async fn call(&self, _: Request) -> Result<Response, Fault> {
        let (status, code, detail) = match self {
            Self::Full => (
                StatusCode::SERVICE_UNAVAILABLE,
                code::UNAVAILABLE,
                "the server has as many connections as it can serve",
            ),
            Self::Greedy => (
                StatusCode::TOO_MANY_REQUESTS,
                code::TOO_MANY_CONNECTIONS,
                "this address has as many connections as the server takes from one",
            ),
        };
        let problem = Problem::new(status).code(code).detail(detail);
        Ok(problem
            .with_field(header::RETRY_AFTER, HeaderValue::from_static("1"))
            .with_field(header::CONNECTION, HeaderValue::from_static("close"))
            .into_response())
    }
}

/// Whether only the connection that was to be accepted is gone.
fn is_of_one_connection(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::ConnectionAborted
            | io::ErrorKind::ConnectionReset
            | io::ErrorKind::ConnectionRefused
            | io::ErrorKind::Interrupted
    )
}

/// Whether the process or the machine has no more descriptors: ENFILE and EMFILE.
fn is_exhausted(error: &io::Error) -> bool {
    cfg!(unix) && matches!(error.raw_os_error(), Some(23 | 24))
}

/// How long accepting pauses when the operating system has no more to give.
const BACK_OFF: Duration = Duration::from_millis(100);
/// How long after one complaint there is no other.
const SILENCE: Duration = Duration::from_secs(1);
/// How long a connection that was told to go may take.
const PARTING: Duration = Duration::from_millis(100);
/// How long one that is refused may take to hear it.
const PATIENCE: Duration = Duration::from_secs(2);
/// How many are refused with words at a time; more are only closed.
const REFUSALS: usize = 512;
