//! A client's connection that is kept between two calls.
//!
//! The answer's body is handed over whole if it came with the head; else it reads the wire itself, as it is asked
//! for, and gives the connection back at its end.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::Context;

use bytes::Bytes;
use http::Extensions;

use super::exchange::{Exchange, Piece, length_of};
use super::incoming::Incoming;
use super::patience::Timer;
use crate::body::Body;
use crate::message::Response;
use crate::proto::h1::Limits;
use crate::service::Fault;
use crate::text::{RequestHead, ResponseHead};
use crate::wire::{Upgraded, Wire};

pub use super::exchange::CallTerms;

/// A connection on which nothing is under way. It goes from hand to hand with each call, so it is a pointer.
pub struct Connection<W>(Box<Exchange<W, Timer>>);

/// Takes a connection back that can serve another call.
pub trait Home<W>: Send + Unpin + 'static {
    /// Takes it back.
    fn take(self, connection: Connection<W>);
}

/// The wire of an answer after which its connection speaks another protocol. An extension must be one that can be
/// cloned; only one of the clones has it then.
#[derive(Clone)]
pub(crate) struct HandedOver(Arc<Mutex<Option<Upgraded>>>);

impl<W: Wire> Connection<W> {
    /// A connection over a wire that nobody has used yet.
    #[must_use]
    pub fn new(wire: W, limits: Arc<Limits>) -> Self {
        Self(Box::new(Exchange::new(wire, limits)))
    }

    /// Whether it has served a call before.
    #[must_use]
    pub const fn is_reused(&self) -> bool {
        self.0.is_used()
    }

    /// Whether the peer has not ended it, nor said anything unasked. The call must begin within this poll of its task,
    /// which has listened by then.
    #[must_use]
    pub fn is_alive(&mut self, cx: &mut Context<'_>) -> bool {
        self.0.listen(cx)
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
        terms: &CallTerms,
        home: impl Home<W>,
    ) -> Result<Response, Fault> {
        let mut exchange = self.0;
        let sent = body.take().unwrap_or_default();
        exchange.begin(head, length_of(&sent), terms)?;
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
    mut exchange: Box<Exchange<W, Timer>>,
    head: ResponseHead,
    home: impl Home<W>,
) -> Result<Response, Fault> {
    let mut first = Bytes::new();
    loop {
        match exchange.next_piece()? {
            Some(Piece::End(None)) => {
                go_home(exchange, home);
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
    mut exchange: Box<Exchange<W, Timer>>,
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
pub(super) fn go_home<W: Wire>(mut exchange: Box<Exchange<W, Timer>>, home: impl Home<W>) {
    if exchange.end() {
        home.take(Connection(exchange));
    }
}

impl<W> fmt::Debug for Connection<W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Connection").field(&self.0).finish()
    }
}
