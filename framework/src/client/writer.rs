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
use super::by_hand::{Called, Reading};
use super::connection::Wired;
use crate::service::{Fault, FaultKind};
use crate::text::Fields;

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
pub struct BodyWriter<'c> {
    /// Gone when the request is finished, or failed for good.
    wired: Option<&'c mut Wired>,
    called: Called,
}

impl<'c> BodyWriter<'c> {
    pub(super) const fn new(wired: &'c mut Wired, called: Called) -> Self {
        Self { wired: Some(wired), called }
    }

    /// Sends a piece of content; an empty one is skipped.
    ///
    /// # Errors
    /// If the connection broke or the peer answered, which [`finish`](Self::finish) tells more of; with
    /// [`FaultKind::Content`] if it is more than was declared, and with a timeout if the peer does not take it.
    /// These two close the connection.
    pub async fn write(&mut self, data: impl Into<Bytes>) -> Result<(), Fault> {
        let data = data.into();
        poll_fn(|cx| self.poll_room(cx)).await?;
        self.put(data)?;
        let wired = self.wired()?;
        poll_fn(|cx| {
            wired.exchange()?.poll_send(cx);
            Poll::Ready(Ok(()))
        })
        .await
    }

    /// Ends the request, and reads the head of its answer.
    ///
    /// # Errors
    /// [`FaultKind::Content`] if less was written than was declared; else as
    /// [`Connection::send`](super::Connection::send).
    pub async fn finish(self) -> Result<Answer<'c>, Fault> {
        self.end(None).await
    }

    /// The same with trailer fields, which are sent behind chunks; a body of a known length has no place for them.
    ///
    /// # Errors
    /// As [`finish`](Self::finish), and if a field may not stand in trailers (RFC 9110 §6.5.1).
    pub async fn finish_with(self, trailers: HeaderMap) -> Result<Answer<'c>, Fault> {
        self.end(Some(trailers.into())).await
    }

    async fn end(mut self, trailers: Option<Fields>) -> Result<Answer<'c>, Fault> {
        let Some(wired) = self.wired.take() else { return Err(FaultKind::NotConnected.into()) };
        let called = self.called.clone();
        if let Err(fault) = wired.exchange()?.finish_if_wanted(trailers.as_ref()) {
            return Err(wired.failed(&called, fault));
        }
        let head = poll_fn(|cx| wired.poll_head(cx, &called)).await?;
        Ok(Answer::new(Reading::new(wired, called, head)))
    }

    fn wired(&mut self) -> Result<&mut Wired, Fault> {
        self.wired.as_deref_mut().ok_or_else(|| FaultKind::NotConnected.into())
    }

    fn poll_room(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Fault>> {
        let room = ready!(self.wired()?.exchange()?.poll_room(cx));
        Poll::Ready(room.map_err(|fault| self.failed(fault)))
    }

    fn put(&mut self, data: Bytes) -> Result<(), Fault> {
        let put = self.wired()?.exchange()?.write(data);
        put.map_err(|fault| self.failed(fault))
    }

    /// A peer that answered or went away may have said why; after any other fault there is nothing to hear.
    fn failed(&mut self, fault: Fault) -> Fault {
        match (fault.kind(), self.wired.as_deref_mut()) {
            (FaultKind::Answered | FaultKind::Io, _) | (_, None) => {
                fault.in_call(&self.called.method, &self.called.url())
            }
            (_, Some(wired)) => wired.failed(&self.called, fault),
        }
    }
}

impl AsyncWrite for BodyWriter<'_> {
    fn poll_write(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        ready!(this.poll_room(cx))?;
        let bytes = &bytes[..bytes.len().min(MOST_AT_ONCE)];
        this.put(Bytes::copy_from_slice(bytes))?;
        this.wired()?.exchange()?.poll_send(cx);
        Poll::Ready(Ok(bytes.len()))
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let sent = ready!(this.wired()?.exchange()?.poll_sent(cx));
        Poll::Ready(sent.map_err(|fault| this.failed(fault).into()))
    }

    /// Sends what was written. The request is ended by [`finish`](BodyWriter::finish), which gives its answer.
    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.poll_flush(cx)
    }
}

impl Drop for BodyWriter<'_> {
    fn drop(&mut self) {
        if let Some(wired) = self.wired.take() {
            wired.close();
        }
    }
}

impl fmt::Debug for BodyWriter<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BodyWriter").field("called", &self.called).finish_non_exhaustive()
    }
}

/// What is taken of one `poll_write`.
const MOST_AT_ONCE: usize = 64 * 1024;
