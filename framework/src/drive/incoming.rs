//! The body of an answer, read off the wire as it is asked for.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use http_body::{Body as HttpBody, Frame, SizeHint};

use super::exchange::{Exchange, Piece};
use super::h1_client::{Home, go_home};
use super::patience::Timer;
use crate::body::BodyError;
use crate::wire::Wire;

/// The rest of an answer, and its connection.
pub(super) struct Incoming<W, H> {
    /// With the way home; gone at the end, one way or the other.
    exchange: Option<(Box<Exchange<W, Timer>>, H)>,
    first: Bytes,
    /// What was met while looking whether the body is whole.
    met: Option<Piece>,
    /// How many bytes are still to be given, if the head told.
    left: Option<u64>,
}

impl<W: Wire, H: Home<W>> Incoming<W, H> {
    pub(super) fn new(
        exchange: Box<Exchange<W, Timer>>,
        home: H,
        first: Bytes,
        met: Option<Piece>,
    ) -> Self {
        let left = exchange.expected();
        Self { exchange: Some((exchange, home)), first, met, left }
    }

    fn poll_piece(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Piece, BodyError>>> {
        if !self.first.is_empty() {
            return Poll::Ready(Some(Ok(Piece::Data(std::mem::take(&mut self.first)))));
        }
        if let Some(met) = self.met.take() {
            return Poll::Ready(Some(Ok(met)));
        }
        match &mut self.exchange {
            Some((exchange, _)) => exchange.poll_piece(cx).map(Some),
            None => Poll::Ready(None),
        }
    }
}

impl<W: Wire, H: Home<W>> HttpBody for Incoming<W, H> {
    type Data = Bytes;
    type Error = BodyError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BodyError>>> {
        let Some(piece) = ready!(self.poll_piece(cx)) else { return Poll::Ready(None) };
        Poll::Ready(match piece {
            Ok(Piece::Data(data)) => {
                self.left = self.left.map(|left| left.saturating_sub(data.len() as u64));
                Some(Ok(Frame::data(data)))
            }
            Ok(Piece::End(trailers)) => {
                if let Some((exchange, home)) = self.exchange.take() {
                    go_home(exchange, home);
                }
                trailers.map(|trailers| Ok(Frame::trailers(trailers.to_map())))
            }
            Err(error) => {
                self.exchange = None;
                Some(Err(error))
            }
        })
    }

    fn is_end_stream(&self) -> bool {
        self.exchange.is_none() && self.first.is_empty() && self.met.is_none()
    }

    fn size_hint(&self) -> SizeHint {
        self.left.map_or_else(SizeHint::new, SizeHint::with_exact)
    }
}
