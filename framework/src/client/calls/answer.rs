//! An answer that owns what it is read from.

use std::fmt;

use bytes::Bytes;
use http::{HeaderMap, Method, StatusCode};
use serde::de::DeserializeOwned;
use tokio::io::{AsyncWrite, AsyncWriteExt};

use super::charset;
use super::journey::Trail;
use super::reading::Reading;
use crate::body::BoxError;
use crate::client::answer::MOST;
use crate::drive::h1_client::HandedOver;
use crate::message::Response;
use crate::service::{Fault, FaultKind};
use crate::text::{Fields, ResponseHead};
use crate::wire::Upgraded;

/// The answer to a call of a [`Client`](super::Client), from its head on.
///
/// Its content is an [`AsyncRead`](tokio::io::AsyncRead) and an [`AsyncBufRead`](tokio::io::AsyncBufRead), so that
/// `lines()` and all else that `tokio` has for readers work on it; or it is taken [piece by piece](Self::chunk), or
/// whole, once: as [bytes](Self::bytes), [text](Self::text) or [JSON](Self::json). An answer that is cut short is an
/// error on each of these ways, never an end. Dropped before its end, it closes its connection.
///
/// ```no_run
/// use counterpart::client::Client;
///
/// # #[derive(serde::Deserialize)] struct User { name: String }
/// # async fn call() -> Result<(), counterpart::Fault> {
/// let answer = Client::default().get("https://example.com/users/1").send().await?;
/// println!("{} {} {:?}", answer.status(), answer.url(), answer.header("content-type"));
/// let user: User = answer.error_for_status()?.json().await?;
/// # Ok(())
/// # }
/// ```
pub struct OwnedAnswer {
    method: Method,
    head: ResponseHead,
    trail: Trail,
    wire: Option<Upgraded>,
    pub(super) content: Reading,
}

/// An answer that was followed to another URL.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Redirection {
    /// Its status.
    pub status: StatusCode,
    /// The URL whose answer it is.
    pub url: String,
}

impl OwnedAnswer {
    /// A layer may have answered in the client's place; then no trail leads to it.
    pub(super) fn new(method: Method, url: String, response: Response) -> Self {
        let Response { status, fields, body, mut extensions, .. } = response;
        let head = ResponseHead { fields, ..ResponseHead::new(status) };
        let trail = extensions.remove().unwrap_or(Trail { url, ..Trail::default() });
        let wire = HandedOver::take(&mut extensions);
        Self { method, head, trail, wire, content: Reading::new(body) }
    }

    /// The status code.
    #[must_use]
    pub const fn status(&self) -> StatusCode {
        self.head.status
    }

    /// The reason phrase as it came; it may be empty, and means nothing.
    #[must_use]
    pub fn reason(&self) -> &str {
        self.head.reason()
    }

    /// The fields of the head.
    #[must_use]
    pub const fn fields(&self) -> &Fields {
        &self.head.fields
    }

    /// The first value of a field, if it is UTF-8.
    #[must_use]
    pub fn header(&self, name: impl AsRef<str>) -> Option<&str> {
        self.head.fields.get_str(name)
    }

    /// The length of the content that is still to come, if that is known.
    #[must_use]
    pub fn length(&self) -> Option<u64> {
        self.content.length()
    }

    /// The URL whose answer it is: the last one, after redirections; without a fragment.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.trail.url
    }

    /// The redirections that led to it, in their order.
    #[must_use]
    pub fn history(&self) -> &[Redirection] {
        &self.trail.history
    }

    /// How many requests were made for it, besides those of redirections: one, and each [retry](super::Retries).
    #[must_use]
    pub const fn attempts(&self) -> u32 {
        self.trail.retries + 1
    }

    /// The trailer fields, once the content has been read to its end, if there were any (RFC 9110 §6.5).
    #[must_use]
    pub const fn trailers(&self) -> Option<&HeaderMap> {
        self.content.trailers()
    }

    /// The same answer, unless its status is one of 400 to 599.
    ///
    /// # Errors
    /// [`FaultKind::Status`] if it is.
    pub fn error_for_status(self) -> Result<Self, Fault> {
        let status = self.head.status;
        match status.is_client_error() || status.is_server_error() {
            true => Err(self.fault(FaultKind::Status(status).into())),
            false => Ok(self),
        }
    }

    /// The wire itself, after 101: see [`upgrade`](crate::client::upgrade).
    ///
    /// # Errors
    /// [`FaultKind::NotUpgraded`] if it is another answer.
    pub fn upgrade(mut self) -> Result<Upgraded, Fault> {
        let status = self.head.status;
        self.wire.take().ok_or_else(|| {
            self.fault(Fault::new(FaultKind::NotUpgraded, format!("it answered {status}")))
        })
    }

    /// The next piece of the content as it came, or `None` at its end.
    ///
    /// # Errors
    /// If it breaks off, breaks a rule, stalls, or is over a limit.
    pub async fn chunk(&mut self) -> Result<Option<Bytes>, Fault> {
        let piece = self.content.chunk().await;
        piece.map_err(|error| self.fault(error.into()))
    }

    /// What is left of the content, of at most `limit` bytes. Memory grows with what comes, whatever was announced.
    ///
    /// # Errors
    /// As [`chunk`](Self::chunk), and if there is more.
    pub async fn bytes(&mut self, limit: u64) -> Result<Bytes, Fault> {
        let all = self.content.collect(limit).await;
        all.map_err(|error| self.fault(error.into()))
    }

    /// What is left of the content as text, of at most 64 MiB: as the `charset` of its `Content-Type` says, of
    /// UTF-8, US-ASCII and ISO-8859-1; as UTF-8, if that says nothing.
    ///
    /// # Errors
    /// As [`bytes`](Self::bytes), and [`FaultKind::Decode`] if it is no such text, or in another charset.
    pub async fn text(&mut self) -> Result<String, Fault> {
        let bytes = self.bytes(MOST).await?;
        charset::text(self.header("content-type"), bytes).map_err(|error| self.undecodable(error))
    }

    /// What is left of the content as JSON, of at most 64 MiB.
    ///
    /// # Errors
    /// As [`bytes`](Self::bytes), and [`FaultKind::Decode`] if it is not that.
    pub async fn json<T: DeserializeOwned>(&mut self) -> Result<T, Fault> {
        let bytes = self.bytes(MOST).await?;
        serde_json::from_slice(&bytes).map_err(|error| self.undecodable(error))
    }

    /// Writes what is left of the content, as it comes, and gives its length in bytes.
    ///
    /// ```no_run
    /// # async fn call() -> counterpart::Result<()> {
    /// let mut answer = counterpart::client::get("https://example.com/large.iso").await?;
    /// let mut file = tokio::fs::File::create("large.iso").await?;
    /// answer.copy_to(&mut file).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// If the writer fails, and as [`chunk`](Self::chunk); such a fault is inside of the error.
    pub async fn copy_to(
        &mut self,
        writer: &mut (impl AsyncWrite + Unpin + ?Sized),
    ) -> std::io::Result<u64> {
        let mut written = 0;
        while let Some(piece) = self.chunk().await? {
            writer.write_all(&piece).await?;
            written += piece.len() as u64;
        }
        writer.flush().await?;
        Ok(written)
    }

    fn undecodable(&self, error: impl Into<BoxError>) -> Fault {
        self.fault(Fault::new(FaultKind::Decode, error))
    }

    pub(super) fn fault(&self, fault: Fault) -> Fault {
        fault.in_call(&self.method, &self.trail.url)
    }
}

impl fmt::Debug for OwnedAnswer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OwnedAnswer")
            .field("head", &self.head)
            .field("url", &self.trail.url)
            .finish_non_exhaustive()
    }
}
