//! Reading by the buffer, for readers that have one.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncBufRead, ReadBuf};

/// What `AsyncRead` does for whatever is read by its buffer.
pub(crate) fn poll_read<R: AsyncBufRead>(
    mut reader: Pin<&mut R>,
    cx: &mut Context<'_>,
    into: &mut ReadBuf<'_>,
) -> Poll<io::Result<()>> {
    if into.remaining() == 0 {
        return Poll::Ready(Ok(()));
    }
    let here = ready!(reader.as_mut().poll_fill_buf(cx))?;
    let amount = here.len().min(into.remaining());
    into.put_slice(&here[..amount]);
    reader.consume(amount);
    Poll::Ready(Ok(()))
}
