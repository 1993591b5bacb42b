//! An exchange: one request and its answer, on a connection that may have had others before.
//!
//! Here: what a client does whatever holds the connection: a pool, a program by hand, with `tokio` or without. It
//! sends and listens at the same time, so that an early answer is heard; it holds content back for as long as the
//! request asks for a go-ahead; it keeps each wait to its end; it words what goes wrong.
//! Not here: where the connection came from and where it goes (`h1_client`, `client`), what the bytes mean
//! (`proto`).
//! Read in this order: `terms`, this file, `send`, `hear`, `failing`.

mod failing;
mod hear;
mod send;
mod terms;

use std::fmt;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use super::link::Link;
use super::patience::{Alarm, Patience};
use crate::body::{Body, BodyErrorKind};
use crate::proto::h1::{Client, Conn, Length, Limits, State};
use crate::service::{Fault, FaultKind, Phase};
use crate::text::{RequestHead, ResponseHead};
use crate::wire::{Upgraded, Wire};

pub(crate) use hear::Piece;
#[cfg(feature = "client")]
pub use terms::CallTerms;
#[cfg(not(feature = "client"))]
pub(crate) use terms::CallTerms;
pub use terms::OnInterim;
pub(crate) use terms::Terms;

/// A connection, and what is under way on it.
pub(crate) struct Exchange<W, A: Alarm> {
    link: Link<Client, W>,
    patience: Patience<A>,
    terms: CallTerms,
    /// How much the peer had taken of what it is taking now.
    taken: usize,
    /// What of the request's content is still to be sent.
    sending: Option<Body>,
    /// Some of it has been taken.
    drawn: bool,
    /// The content waits for the go-ahead that the request asked for.
    held: bool,
    /// Nothing more of the request is sent: it failed, or an answer made it idle.
    stopped: bool,
    /// Why, if it failed; an answer may have come all the same.
    unsent: Option<Fault>,
    /// The head of an answer that came while its request was being written.
    early: Option<ResponseHead>,
    /// The bytes of the answer's content that came, and how many its head declared.
    received: u64,
    expected: Option<u64>,
    /// How the answer's content failed. It fails again the same way: it must never seem to have ended.
    broken: Option<BodyErrorKind>,
    traced: bool,
    /// The task is woken when something comes, though nothing of its call was polled yet.
    listens: bool,
    /// Whether a call was begun on it, and whether one was before that.
    used: bool,
    reused: bool,
}

impl<W: Wire, A: Alarm> Exchange<W, A> {
    /// Nothing is under way on a wire that nobody has used yet.
    pub(crate) fn new(wire: W, limits: Arc<Limits>) -> Self {
        Self {
            link: Link::new(Conn::new(limits), wire),
            patience: Patience::default(),
            terms: CallTerms::default(),
            taken: 0,
            sending: None,
            drawn: false,
            held: false,
            stopped: false,
            unsent: None,
            early: None,
            received: 0,
            expected: None,
            broken: None,
            traced: false,
            listens: false,
            used: false,
            reused: false,
        }
    }

    /// Whether it has served a call before.
    #[cfg(feature = "client")]
    pub(crate) const fn is_used(&self) -> bool {
        self.used
    }

    /// Nothing, if the peer has neither ended the connection nor said anything unasked. Else what the peer has said of it, such as that it wants to see a certificate.
    pub(crate) fn check_alive(&mut self) -> Result<(), Fault> {
        let filled = self.link.poll_fill(&mut asleep());
        self.link.rest();
        let told = match filled {
            Poll::Pending => return Ok(()),
            Poll::Ready(told) => told.err().map(Fault::from).filter(Fault::is_tls),
        };
        Err(told.unwrap_or_else(|| FaultKind::NotConnected.into()))
    }

    /// The same, for a task that goes on to a call within this poll: it listens from now on, so that the call need not
    /// look before anything has come.
    #[cfg(feature = "client")]
    pub(crate) fn listen(&mut self, cx: &mut Context<'_>) -> bool {
        self.listens = self.link.poll_fill(cx).is_pending();
        self.listens
    }

    /// Ends the call, if both sides are through with it, and tells whether another can begin.
    pub(crate) fn end(&mut self) -> bool {
        let flushed = matches!(self.link.poll_flush(&mut asleep()), Poll::Ready(Ok(())));
        let conn = &self.link.conn;
        let over = flushed && conn.is_idle() && !conn.has_input() && !conn.has_ended();
        if over {
            self.link.rest();
        }
        over
    }

    /// Whether the connection will serve another call once this one is over, as far as is known.
    pub(crate) fn keeps(&self) -> bool {
        self.link.conn.keeps() && !self.stopped && !self.link.conn.has_ended() && self.is_clean()
    }

    /// Between two answers no byte may come.
    fn is_clean(&self) -> bool {
        self.link.conn.theirs() == State::Body || !self.link.conn.has_input()
    }

    /// Whether both sides have left HTTP.
    pub(crate) fn is_switched(&self) -> bool {
        self.link.conn.theirs() == State::Switched
    }

    #[cfg(feature = "blocking")]
    pub(crate) const fn wire_mut(&mut self) -> &mut W {
        &mut self.link.wire
    }

    /// Whether all that was written is on its way.
    #[cfg(feature = "blocking")]
    pub(crate) fn is_flushed(&self) -> bool {
        self.stopped || self.link.is_flushed()
    }

    /// Whether content of ours is waited for, which comes from elsewhere.
    #[cfg(feature = "blocking")]
    pub(crate) const fn awaits_content(&self) -> bool {
        self.sending.is_some() && !self.held && !self.stopped
    }

    #[cfg(feature = "blocking")]
    pub(crate) const fn alarm_mut(&mut self) -> &mut A {
        self.patience.alarm_mut()
    }

    /// Hands the wire over to another protocol, with what was read of it already.
    pub(crate) fn hand_over(self) -> Upgraded {
        self.link.hand_over()
    }

    /// Begins a call: writes the head of its request, to be sent with what follows.
    pub(crate) fn begin(
        &mut self,
        head: &RequestHead,
        length: Length,
        terms: &CallTerms,
    ) -> Result<(), Fault> {
        self.link.open_output();
        self.write_head(head, length)?;
        self.traced = terms.shared.trace.is_on();
        if self.traced {
            terms.shared.trace.head('>', &self.link.out);
        }
        self.patience.begin(terms.total());
        self.terms.take_over(terms);
        self.taken = 0;
        (self.sending, self.unsent, self.early) = (None, None, None);
        (self.stopped, self.drawn, self.broken) = (false, false, None);
        self.received = 0;
        self.reused = std::mem::replace(&mut self.used, true);
        Ok(())
    }

    /// Ready with what has been waited for too long: that the peer takes our bytes, else, if it has had them
    /// all, that it gives us what `reading` says. No longer waiting for a go-ahead is no fault.
    fn poll_patience(&mut self, cx: &mut Context<'_>, reading: Phase) -> Poll<Phase> {
        let phase = match (self.stopped, self.link.is_flushed(), self.held, &self.sending) {
            (true, ..) => Some(reading),
            (_, false, ..) => Some(Phase::Send),
            (_, _, true, _) => Some(Phase::Expect),
            (.., Some(_)) => None,
            (.., None) => Some(reading),
        };
        let late = self.patience.poll(cx, phase, &self.terms.shared.timeouts);
        self.held &= late != Poll::Ready(Phase::Expect);
        late
    }
}

/// What a body tells of its length: that there is none is something else than that it is empty.
pub(crate) fn length_of(body: &Body) -> Length {
    match body.length() {
        Some(0) if body.is_absent() => Length::Absent,
        Some(length) => Length::Known(length),
        None => Length::Unknown,
    }
}

/// For a look that nobody waits for.
pub(crate) const fn asleep() -> Context<'static> {
    Context::from_waker(Waker::noop())
}

impl<W, A: Alarm> fmt::Debug for Exchange<W, A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Exchange").field("reused", &self.reused).finish_non_exhaustive()
    }
}
