//! An answer on a connection by hand.

use std::fmt;
use std::future::poll_fn;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::{Bytes, BytesMut};
use http::{HeaderMap, StatusCode, Version};
use serde::de::DeserializeOwned;
use tokio::io::{AsyncBufRead, AsyncRead, ReadBuf};

use super::by_hand::Reading;
use crate::drive::patience::Timer;
use crate::io::buffered;
use crate::service::Fault;
use crate::text::Fields;
use crate::wire::{Upgraded, Wire};

/// The answer to a request on a [`Connection`](super::Connection), which it borrows for as long as it is read.
///
/// Its content is an [`AsyncRead`] and an [`AsyncBufRead`], so that `lines()` and all else that `tokio` has for readers
/// work on it; or it is taken [piece by piece](Self::chunk) or [whole](Self::bytes). An answer that is cut short is an
/// error on each of these ways, never an end.
pub struct Answer<'c>(Reading<'c, Box<dyn Wire>, Timer>);

impl<'c> Answer<'c> {
    pub(super) const fn new(reading: Reading<'c, Box<dyn Wire>, Timer>) -> Self {
        Self(reading)
    }

    /// The status code.
    #[must_use]
    pub const fn status(&self) -> StatusCode {
        self.0.status()
    }

    /// The reason phrase as it came; it may be empty, and means nothing.
    #[must_use]
    pub fn reason(&self) -> &str {
        self.0.head.reason()
    }

    /// The version of the answer.
    #[must_use]
    pub const fn version(&self) -> Version {
        self.0.head.version
    }

    /// The fields of the head.
    #[must_use]
    pub const fn fields(&self) -> &Fields {
        &self.0.head.fields
    }

    /// The URL of the request.
    #[must_use]
    pub fn url(&self) -> String {
        self.0.called.url()
    }

    /// Whether the connection will serve another request once this answer has been read, as far as is known.
    #[must_use]
    pub fn is_reusable(&self) -> bool {
        self.0.is_reusable()
    }

    /// The trailer fields, once the content has been read to its end, if there were any.
    #[must_use]
    pub const fn trailers(&self) -> Option<&HeaderMap> {
        self.0.trailers()
    }

    /// The same answer, unless its status is one of 400 to 599.
    ///
    /// # Errors
    /// [`FaultKind::Status`](crate::service::FaultKind::Status) if it is.
    pub fn error_for_status(self) -> Result<Self, Fault> {
        self.0.error_for_status().map(Self)
    }

    /// The next piece of the content as it came, or `None` at its end.
    ///
    /// # Errors
    /// If it breaks off, breaks a rule or stalls.
    pub async fn chunk(&mut self) -> Result<Option<Bytes>, Fault> {
        poll_fn(|cx| self.0.poll_chunk(cx)).await
    }

    /// What is left of the content, of at most `limit` bytes. Memory grows with what comes, whatever was announced.
    ///
    /// # Errors
    /// As [`chunk`](Self::chunk), and if there is more.
    pub async fn bytes(&mut self, limit: u64) -> Result<Bytes, Fault> {
        let Some(first) = self.chunk().await? else { return Ok(Bytes::new()) };
        let mut all = BytesMut::from(first);
        loop {
            if all.len() as u64 > limit {
                return Err(self.0.too_large(limit));
            }
            let Some(piece) = self.chunk().await? else { return Ok(all.freeze()) };
            all.extend_from_slice(&piece);
        }
    }

    /// What is left of the content as UTF-8, of at most 64 MiB.
    ///
    /// # Errors
    /// As [`bytes`](Self::bytes), and [`FaultKind::Decode`](crate::service::FaultKind::Decode) if it is not UTF-8.
    pub async fn text(&mut self) -> Result<String, Fault> {
        let bytes = self.bytes(MOST).await?;
        String::from_utf8(bytes.into()).map_err(|error| self.0.undecodable(error))
    }

    /// What is left of the content as JSON, of at most 64 MiB.
    ///
    /// # Errors
    /// As [`bytes`](Self::bytes), and [`FaultKind::Decode`](crate::service::FaultKind::Decode) if it is not that.
    pub async fn json<T: DeserializeOwned>(&mut self) -> Result<T, Fault> {
        let bytes = self.bytes(MOST).await?;
        serde_json::from_slice(&bytes).map_err(|error| self.0.undecodable(error))
    }

    /// The wire itself, after 101, or after a 2xx to CONNECT. What has come of the other protocol is read first.
    ///
    /// # Errors
    /// [`FaultKind::NotUpgraded`](crate::service::FaultKind::NotUpgraded) if it is another answer.
    pub async fn upgrade(self) -> Result<Upgraded, Fault> {
        let mut exchange = self.0.into_switched()?;
        poll_fn(|cx| exchange.poll_flushed(cx)).await?;
        Ok(exchange.hand_over())
    }
}

impl AsyncBufRead for Answer<'_> {
    fn poll_fill_buf(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<&[u8]>> {
        self.get_mut().0.poll_fill(cx).map_err(io::Error::from)
    }

    fn consume(self: Pin<&mut Self>, amount: usize) {
        self.get_mut().0.consume(amount);
    }
}

impl AsyncRead for Answer<'_> {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        into: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        buffered::poll_read(self, cx, into)
    }
}

impl fmt::Debug for Answer<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// What is taken whole without a bound of its own.
pub(super) const MOST: u64 = 64 * 1024 * 1024;
