//! A stream of zeros, as any `http_body::Body` is written.

use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};

use counterpart::Bytes;
use http_body::{Body, Frame, SizeHint};

/// So many zeros, or zeros without end, one piece at a time.
pub(crate) struct Zeros {
    left: Option<u64>,
}

impl Zeros {
    pub(crate) const fn endless() -> Self {
        Self { left: None }
    }

    pub(crate) const fn of(length: u64) -> Self {
        Self { left: Some(length) }
    }
}

impl Body for Zeros {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let piece = Bytes::from_static(PIECE);
        let piece = match &mut self.left {
            None => piece,
            Some(0) => return Poll::Ready(None),
            Some(left) => {
                let length =
                    usize::try_from(*left).map_or(PIECE.len(), |left| left.min(PIECE.len()));
                *left -= length as u64;
                piece.slice(..length)
            }
        };
        Poll::Ready(Some(Ok(Frame::data(piece))))
    }

    fn size_hint(&self) -> SizeHint {
        self.left.map_or_else(SizeHint::new, SizeHint::with_exact)
    }
}

static PIECE: &[u8] = &[0; 64 * 1024];
