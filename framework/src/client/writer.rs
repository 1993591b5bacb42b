//! Content of a request that is written by hand.

use std::fmt;
use std::future::poll_fn;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use http::HeaderMap;
use tokio::io::AsyncWrite;

use super::answer::Answer;
use super::by_hand::{Reading, Writing};
use crate::drive::patience::Timer;
use crate::service::Fault;
use crate::text::Fields;
use crate::wire::Wire;

/// A request whose content is being written, on a [`Connection`](super::Connection).
///
/// Each [`write`](Self::write) sends what it is given, as one chunk if the length is unknown; then
/// [`finish`](Self::finish) reads the answer. Dropped before that, it closes the connection.
///
/// The peer may answer before it has everything. A write that fails says so, and `finish` then reads that answer.
///
/// ```no_run
/// use counterpart::client::{Connection, Length};
/// use counterpart::{Request, http::Method};
///
/// # async fn talk(mut connection: Connection) -> Result<(), counterpart::Fault> {
/// let request = Request::new(Method::POST, "/log");
/// let mut writer = connection.start(request, Length::Unknown).await?;
/// writer.write("one line\n").await?;
/// writer.write("another\n").await?;
/// let answer = writer.finish().await?;
/// # Ok(())
/// # }
/// ```
pub struct BodyWriter<'c>(Writing<'c, Box<dyn Wire>, Timer>);

impl<'c> BodyWriter<'c> {
    pub(super) const fn new(writing: Writing<'c, Box<dyn Wire>, Timer>) -> Self {
        Self(writing)
    }

    /// Sends a piece of content; an empty one is skipped.
    ///
    /// # Errors
    /// If the connection broke or the peer answered, which [`finish`](Self::finish) tells more of; with
    /// [`FaultKind::Content`](crate::service::FaultKind::Content) if it is more than was declared, and with a timeout if the peer does not take it.
    /// These two close the connection.
    pub async fn write(&mut self, data: impl Into<Bytes>) -> Result<(), Fault> {
        let data = data.into();
        poll_fn(|cx| self.0.poll_room(cx)).await?;
        poll_fn(|cx| Poll::Ready(self.0.put(data.clone(), cx))).await
    }

    /// Ends the request, and reads the head of its answer.
    ///
    /// # Errors
    /// [`FaultKind::Content`](crate::service::FaultKind::Content) if less was written than was declared; else as
    /// [`Connection::send`](super::Connection::send).
    pub async fn finish(self) -> Result<Answer<'c>, Fault> {
        self.end(None).await
    }

    /// The same with trailer fields, which are sent behind chunks; a body of a known length has no place for them.
    ///
    /// # Errors
    /// As [`finish`](Self::finish), and if a field may not stand in trailers (RFC 9110 §6.5.1).
    pub async fn finish_with(self, trailers: HeaderMap) -> Result<Answer<'c>, Fault> {
        self.end(Some(&trailers.into())).await
    }

    async fn end(self, trailers: Option<&Fields>) -> Result<Answer<'c>, Fault> {
        let (by_hand, called) = self.0.end(trailers)?;
        let head = poll_fn(|cx| by_hand.poll_head(cx, &called)).await?;
        Ok(Answer::new(Reading::new(by_hand, called, head)))
    }
}

impl AsyncWrite for BodyWriter<'_> {
    fn poll_write(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        ready!(this.0.poll_room(cx))?;
        let bytes = &bytes[..bytes.len().min(MOST_AT_ONCE)];
        this.0.put(Bytes::copy_from_slice(bytes), cx)?;
        Poll::Ready(Ok(bytes.len()))
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.get_mut().0.poll_sent(cx).map_err(io::Error::from)
    }

    /// Sends what was written. The request is ended by [`finish`](BodyWriter::finish), which gives its answer.
    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.poll_flush(cx)
    }
}

impl fmt::Debug for BodyWriter<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// What is taken of one `poll_write`.
const MOST_AT_ONCE: usize = 64 * 1024;
