//! Reading: an answer, as it is asked for.

use std::fmt;
use std::task::{Context, Poll, ready};

use bytes::{Buf, Bytes};
use http::{HeaderMap, StatusCode};

use super::{ByHand, Called};
use crate::body::{BodyError, BodyErrorKind, BoxError};
use crate::drive::exchange::{Exchange, Piece};
use crate::drive::patience::Alarm;
use crate::service::{Fault, FaultKind};
use crate::text::{Fields, ResponseHead};
use crate::wire::Wire;

/// An answer whose content is being read.
pub(in crate::client) struct Reading<'c, W, A: Alarm> {
    pub(in crate::client) by_hand: &'c mut ByHand<W, A>,
    pub(in crate::client) called: Called,
    pub(in crate::client) head: ResponseHead,
    /// Bytes that were read and not yet asked for.
    piece: Bytes,
    trailers: Option<HeaderMap>,
    ended: bool,
}

impl<'c, W: Wire, A: Alarm> Reading<'c, W, A> {
    pub(in crate::client) fn new(
        by_hand: &'c mut ByHand<W, A>,
        called: Called,
        head: ResponseHead,
    ) -> Self {
        let (piece, trailers) = (Bytes::new(), None);
        Self { by_hand, called, head, piece, trailers, ended: false }
    }

    /// Ready when there are bytes, or none will come.
    pub(in crate::client) fn poll_fill(
        &mut self,
        cx: &mut Context<'_>,
    ) -> Poll<Result<&[u8], Fault>> {
        while self.piece.is_empty() && !self.ended {
            let piece = ready!(self.by_hand.exchange()?.poll_piece(cx));
            match piece.map_err(|error| self.called.fault(error.into()))? {
                Piece::Data(data) => self.piece = data,
                Piece::End(trailers) => self.end(trailers),
            }
        }
        Poll::Ready(Ok(&self.piece))
    }

    /// Ready with the next piece; none at the end.
    pub(in crate::client) fn poll_chunk(
        &mut self,
        cx: &mut Context<'_>,
    ) -> Poll<Result<Option<Bytes>, Fault>> {
        ready!(self.poll_fill(cx))?;
        let piece = std::mem::take(&mut self.piece);
        Poll::Ready(Ok((!piece.is_empty()).then_some(piece)))
    }

    /// The bytes that were read and not yet asked for.
    #[cfg(feature = "blocking")]
    pub(in crate::client) fn here(&self) -> &[u8] {
        &self.piece
    }

    pub(in crate::client) fn consume(&mut self, amount: usize) {
        self.piece.advance(amount);
    }

    fn end(&mut self, trailers: Option<Fields>) {
        self.ended = true;
        self.trailers = trailers.map(|trailers| trailers.to_map());
        let over = self.by_hand.exchange.as_mut().is_some_and(|e| e.end() || e.is_switched());
        if !over {
            self.by_hand.close();
        }
    }

    pub(in crate::client) const fn trailers(&self) -> Option<&HeaderMap> {
        self.trailers.as_ref()
    }

    pub(in crate::client) fn is_reusable(&self) -> bool {
        self.by_hand.keeps()
    }

    pub(in crate::client) fn into_switched(self) -> Result<Exchange<W, A>, Fault> {
        let status = self.head.status;
        let refused = || Fault::new(FaultKind::NotUpgraded, format!("it answered {status}"));
        self.by_hand.take_switched().ok_or_else(|| self.called.fault(refused()))
    }

    pub(in crate::client) fn error_for_status(self) -> Result<Self, Fault> {
        let status = self.head.status;
        match status.is_client_error() || status.is_server_error() {
            true => Err(self.called.fault(FaultKind::Status(status).into())),
            false => Ok(self),
        }
    }

    pub(in crate::client) fn too_large(&self, limit: u64) -> Fault {
        let error = BodyError::from(BodyErrorKind::TooLarge { limit });
        self.called.fault(error.into())
    }

    pub(in crate::client) fn undecodable(&self, error: impl Into<BoxError>) -> Fault {
        self.called.fault(Fault::new(FaultKind::Decode, error))
    }

    pub(in crate::client) const fn status(&self) -> StatusCode {
        self.head.status
    }
}

impl<W, A: Alarm> fmt::Debug for Reading<'_, W, A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Answer")
            .field("called", &self.called)
            .field("head", &self.head)
            .field("ended", &self.ended)
            .finish_non_exhaustive()
    }
}
