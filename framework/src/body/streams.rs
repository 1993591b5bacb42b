//! Bodies that come from elsewhere: from a stream, from a reader, from a file of `tokio`'s.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use futures_core::Stream;
use http_body::{Body as HttpBody, Frame};

use super::{Body, BodyError, BoxError};

impl Body {
    /// A body of the pieces that a stream gives, of a length that will show. Empty pieces are skipped.
    ///
    /// ```
    /// # use std::pin::Pin;
    /// # use std::task::{Context, Poll};
    /// # struct Rows;
    /// # impl futures_core::Stream for Rows {
    /// #     type Item = Result<Vec<u8>, std::io::Error>;
    /// #     fn poll_next(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
    /// #         Poll::Ready(None)
    /// #     }
    /// # }
    /// use counterpart::Body;
    ///
    /// // `Rows` is any `Stream` of results.
    /// let body = Body::from_stream(Rows);
    /// assert_eq!(body.length(), None);
    /// ```
    #[must_use]
    pub fn from_stream<S, T, E>(stream: S) -> Self
    where
        S: Stream<Item = Result<T, E>> + Send + 'static,
        T: Into<Bytes>,
        E: Into<BoxError>,
    {
        Self::wrap(Streamed(Box::pin(stream)))
    }
}

struct Streamed<S>(Pin<Box<S>>);

impl<S, T, E> HttpBody for Streamed<S>
where
    S: Stream<Item = Result<T, E>>,
    T: Into<Bytes>,
    E: Into<BoxError>,
{
    type Data = Bytes;
    type Error = BodyError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BodyError>>> {
        loop {
            let piece = match ready!(self.0.as_mut().poll_next(cx)) {
                None => return Poll::Ready(None),
                Some(Err(error)) => return Poll::Ready(Some(Err(BodyError::of_foreign(error)))),
                Some(Ok(piece)) => piece.into(),
            };
            if !piece.is_empty() {
                return Poll::Ready(Some(Ok(Frame::data(piece))));
            }
        }
    }
}

#[cfg(feature = "net")]
mod readers {
    use std::io;

    use bytes::BytesMut;
    use tokio::fs::File;
    use tokio::io::{AsyncRead, AsyncReadExt, AsyncSeekExt};

    use super::*;

    impl Body {
        /// A body of what a reader gives, 64 KiB at a time, of a length that will show.
        #[must_use]
        pub fn from_reader(reader: impl AsyncRead + Send + 'static) -> Self {
            Self::wrap(Read { reader: Box::pin(reader), block: BytesMut::new() })
        }

        /// A body of a file, from where it is read next to its end, which gives its length; else as
        /// [`file_range`](Self::file_range).
        ///
        /// # Errors
        /// If the file does not tell its length or its position.
        pub async fn file(mut file: File) -> io::Result<Self> {
            let length = file.metadata().await?.len();
            let offset = file.stream_position().await?;
            Ok(Self::file_range(file.into_std().await, offset, length.saturating_sub(offset)))
        }
    }

    struct Read<R> {
        reader: Pin<Box<R>>,
        block: BytesMut,
    }

    impl<R: AsyncRead> HttpBody for Read<R> {
        type Data = Bytes;
        type Error = BodyError;

        fn poll_frame(
            mut self: Pin<&mut Self>,
            cx: &mut Context<'_>,
        ) -> Poll<Option<Result<Frame<Bytes>, BodyError>>> {
            let Self { reader, block } = &mut *self;
            block.reserve(BLOCK);
            // The future holds nothing between two polls, so a new one each time loses nothing.
            let read = std::pin::pin!(reader.read_buf(block)).poll(cx);
            Poll::Ready(match ready!(read) {
                Ok(0) => None,
                Ok(_) => Some(Ok(Frame::data(block.split().freeze()))),
                Err(error) => Some(Err(BodyError::of_foreign(error))),
            })
        }
    }

    /// How much is read at a time.
    const BLOCK: usize = 64 * 1024;
}
