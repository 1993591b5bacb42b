//! Writing: the content of a request, by hand.

use std::fmt;
use std::task::{Context, Poll, ready};

use bytes::Bytes;

use super::{ByHand, Called};
use crate::drive::patience::Alarm;
use crate::service::{Fault, FaultKind};
use crate::text::Fields;
use crate::wire::Wire;

/// A request whose content is being written. Dropped before its end, it closes the connection.
pub(in crate::client) struct Writing<'c, W: Wire, A: Alarm> {
    /// Gone when the request is finished.
    by_hand: Option<&'c mut ByHand<W, A>>,
    called: Called,
}

impl<'c, W: Wire, A: Alarm> Writing<'c, W, A> {
    pub(in crate::client) const fn new(by_hand: &'c mut ByHand<W, A>, called: Called) -> Self {
        Self { by_hand: Some(by_hand), called }
    }

    /// Ready when there is room for a piece, and it may be sent.
    pub(in crate::client) fn poll_room(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Fault>> {
        let exchange = self.by_hand()?.exchange()?;
        let room = ready!(exchange.poll_room(cx));
        if room.is_err() {
            exchange.give_up();
        }
        Poll::Ready(room.map_err(|fault| self.failed(fault)))
    }

    /// Writes a piece, and sends what the wire takes at once.
    pub(in crate::client) fn put(
        &mut self,
        data: Bytes,
        cx: &mut Context<'_>,
    ) -> Result<(), Fault> {
        let exchange = self.by_hand()?.exchange()?;
        let put = exchange.write(data);
        exchange.poll_send(cx);
        put.map_err(|fault| self.failed(fault))
    }

    /// Ready when all that was written is on its way.
    pub(in crate::client) fn poll_sent(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Fault>> {
        let sent = ready!(self.by_hand()?.exchange()?.poll_sent(cx));
        Poll::Ready(sent.map_err(|fault| self.failed(fault)))
    }

    /// Ends the request, and gives the connection for its answer.
    pub(in crate::client) fn end(
        mut self,
        trailers: Option<&Fields>,
    ) -> Result<(&'c mut ByHand<W, A>, Called), Fault> {
        let called = self.called.clone();
        let Some(by_hand) = self.by_hand.take() else { return Err(closed()) };
        match by_hand.exchange()?.finish_if_wanted(trailers) {
            Ok(()) => Ok((by_hand, called)),
            Err(fault) => Err(by_hand.failed(&called, fault)),
        }
    }

    pub(in crate::client) fn by_hand(&mut self) -> Result<&mut ByHand<W, A>, Fault> {
        self.by_hand.as_deref_mut().ok_or_else(closed)
    }

    /// A peer that answered or went away may have said why; after any other fault there is nothing to hear.
    fn failed(&mut self, fault: Fault) -> Fault {
        match (fault.kind(), self.by_hand.as_deref_mut()) {
            (FaultKind::Answered | FaultKind::Io, _) | (_, None) => self.called.fault(fault),
            (_, Some(by_hand)) => by_hand.failed(&self.called, fault),
        }
    }
}

fn closed() -> Fault {
    FaultKind::NotConnected.into()
}

impl<W: Wire, A: Alarm> Drop for Writing<'_, W, A> {
    fn drop(&mut self) {
        if let Some(by_hand) = self.by_hand.take() {
            by_hand.close();
        }
    }
}

impl<W: Wire, A: Alarm> fmt::Debug for Writing<'_, W, A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BodyWriter").field("called", &self.called).finish_non_exhaustive()
    }
}
