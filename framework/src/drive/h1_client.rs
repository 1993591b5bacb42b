//! A client's connection that is kept between two calls.
//!
//! The answer's body is handed over whole if it came with the head; else it reads the wire itself, as it is asked
//! for, and gives the connection back at its end.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use http::Extensions;

use super::exchange::{Exchange, OnInterim, Piece, Terms, length_of};
use super::incoming::Incoming;
use super::patience::Timer;
use crate::body::Body;
use crate::message::Response;
use crate::proto::h1::Limits;
use crate::service::{Deadline, Fault};
use crate::text::{RequestHead, ResponseHead};
use crate::wire::{Upgraded, Wire};

/// A connection on which nothing is under way.
pub struct Connection<W>(Exchange<W, Timer>);

/// Takes a connection back that can serve another call.
pub trait Home<W>: Send + Unpin + 'static {
    /// Takes it back.
    fn take(&mut self, connection: Connection<W>);
}

/// The wire of an answer after which its connection speaks another protocol. An extension must be one that can be
/// cloned; only one of the clones has it then.
#[derive(Clone)]
pub(crate) struct HandedOver(Arc<Mutex<Option<Upgraded>>>);

/// What a call is bound by besides its request.
#[derive(Debug, Clone, Default)]
pub struct CallTerms(Terms);

impl CallTerms {
    /// These for every call; of a request's extensions its [`Deadline`] and its [`OnInterim`].
    #[must_use]
    pub(crate) fn new(terms: &Terms, extensions: &Extensions) -> Self {
        let mut terms = terms.clone();
        terms.total = extensions.get().map(|&Deadline(total)| total);
        if let Some(on_interim) = extensions.get::<OnInterim>() {
            terms.on_interim = Some(on_interim.clone());
        }
        Self(terms)
    }

    /// How long all of it may take.
    #[must_use]
    pub const fn total(&self) -> Option<Duration> {
        self.0.total
    }

    /// The same, with this much time left for all of it.
    #[must_use]
    pub const fn with_total(mut self, total: Option<Duration>) -> Self {
        self.0.total = total;
        self
    }
}

impl<W: Wire> Connection<W> {
    /// A connection over a wire that nobody has used yet.
    #[must_use]
    pub fn new(wire: W, limits: Arc<Limits>) -> Self {
        Self(Exchange::new(wire, limits))
    }

    /// Whether it has served a call before.
    #[must_use]
    pub const fn is_reused(&self) -> bool {
        self.0.is_used()
    }

    /// Whether the peer has not ended it, nor said anything unasked.
    #[must_use]
    pub fn is_alive(&mut self) -> bool {
        self.0.check_alive().is_ok()
    }

    /// Sends a request and reads the answer's head, with this much time for each phase but connecting. Dropped
    /// before its end, it closes the connection.
    ///
    /// It takes the body; one that comes from elsewhere is given back if the call failed before anything of it was
    /// taken.
    ///
    /// # Errors
    /// When there is no answer: see [`FaultKind`](crate::service::FaultKind).
    ///
    /// # Panics
    /// Outside of a runtime with a timer, when there is something to wait for.
    pub async fn call(
        self,
        head: &RequestHead,
        body: &mut Option<Body>,
        terms: CallTerms,
        home: impl Home<W>,
    ) -> Result<Response, Fault> {
        let mut exchange = self.0;
        let sent = body.take().unwrap_or_default();
        exchange.begin(head, length_of(&sent), terms.0)?;
        exchange.send(sent)?;
        match std::future::poll_fn(|cx| exchange.poll_head(cx)).await {
            Ok(head) if exchange.is_switched() => Box::pin(hand_over(exchange, head)).await,
            Ok(head) => respond(exchange, head, home),
            Err(fault) => {
                *body = exchange.untouched();
                Err(fault)
            }
        }
    }
}

/// Makes the answer of its head: with all of its body if that is here, and the connection given back.
fn respond<W: Wire>(
    mut exchange: Exchange<W, Timer>,
    head: ResponseHead,
    mut home: impl Home<W>,
) -> Result<Response, Fault> {
    let mut first = Bytes::new();
    loop {
        match exchange.next_piece()? {
            Some(Piece::End(None)) => {
                go_home(exchange, &mut home);
                return Ok(Response::of(head, Body::from(first)));
            }
            Some(Piece::Data(data)) if first.is_empty() => first = data,
            met => {
                let incoming = Incoming::new(exchange, home, first, met);
                return Ok(Response::of(head, Body::wrap(incoming)));
            }
        }
    }
}

/// Makes the answer that ends HTTP on its connection, with the wire as an extension.
async fn hand_over<W: Wire>(
    mut exchange: Exchange<W, Timer>,
    head: ResponseHead,
) -> Result<Response, Fault> {
    std::future::poll_fn(|cx| exchange.poll_flushed(cx)).await?;
    let mut response = Response::of(head, Body::empty());
    response.extensions.insert(HandedOver(Arc::new(Mutex::new(Some(exchange.hand_over())))));
    Ok(response)
}

impl HandedOver {
    /// The wire of an answer that has one.
    pub(crate) fn take(extensions: &mut Extensions) -> Option<Upgraded> {
        let Self(wire) = extensions.remove()?;
        // Whoever panicked with it has taken it.
        wire.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

/// Gives the connection back, if nothing is under way on it any more.
pub(super) fn go_home<W: Wire>(mut exchange: Exchange<W, Timer>, home: &mut impl Home<W>) {
    if exchange.end() {
        home.take(Connection(exchange));
    }
}

impl<W> fmt::Debug for Connection<W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Connection").field(&self.0).finish()
    }
}
