//! A download as frameworks stream it.

use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use futures_core::Stream;
use http_body::{Body, Frame, SizeHint};

use crate::texts::ZEROS;

/// So many zeros, in pieces of 64 KiB that are shared and not copied.
#[derive(Debug, Clone, Copy)]
pub struct Zeros(u64);

impl Zeros {
    /// So many.
    pub const fn new(length: u64) -> Self {
        Self(length)
    }
}

impl Iterator for Zeros {
    type Item = Bytes;

    fn next(&mut self) -> Option<Bytes> {
        let length = self.0.min(ZEROS.len() as u64);
        self.0 -= length;
        (length > 0).then(|| Bytes::from_static(&ZEROS[..length as usize]))
    }
}

impl Stream for Zeros {
    type Item = Result<Bytes, Infallible>;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        Poll::Ready(self.next().map(Ok))
    }
}

impl Body for Zeros {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        Poll::Ready(self.next().map(|piece| Ok(Frame::data(piece))))
    }

    fn is_end_stream(&self) -> bool {
        self.0 == 0
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pieces_make_the_length() {
        for (length, number) in [(0, 0), (1, 1), (65_535, 1), (65_536, 1), (65_537, 2)] {
            assert_eq!(Zeros(length).map(|piece| piece.len() as u64).sum::<u64>(), length);
            assert_eq!(Zeros(length).count(), number);
        }
    }
}
