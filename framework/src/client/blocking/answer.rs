//! An answer, for a thread that waits.

use std::fmt;
use std::io::{self, BufRead, Read, Write};
use std::task::Poll;

use bytes::{Bytes, BytesMut};
use http::{HeaderMap, StatusCode, Version};
use serde::de::DeserializeOwned;

use super::line::Line;
use super::socket::Clock;
use super::wait;
use crate::client::by_hand::Reading;
use crate::drive::exchange::asleep;
use crate::service::{Fault, FaultKind};
use crate::text::Fields;
use crate::wire::{self, Wire};

/// The answer to a request on a [`Connection`](super::Connection): a [`Read`] and a [`BufRead`], so that `lines()` and
/// `io::copy` work on it. See [`client::Answer`](crate::client::Answer), whose every rule holds here.
pub struct Answer<'c>(Reading<'c, Line, Clock>);

impl<'c> Answer<'c> {
    pub(super) const fn new(reading: Reading<'c, Line, Clock>) -> Self {
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
    /// [`FaultKind::Status`] if it is.
    pub fn error_for_status(self) -> Result<Self, Fault> {
        self.0.error_for_status().map(Self)
    }

    /// The next piece of the content as it came, or `None` at its end.
    ///
    /// # Errors
    /// If it breaks off, breaks a rule or stalls.
    pub fn chunk(&mut self) -> Result<Option<Bytes>, Fault> {
        wait(&mut self.0, |it| it.by_hand, Reading::poll_chunk)
    }

    /// What is left of the content, of at most `limit` bytes. It is not called `bytes`, as [`Read`] has that.
    ///
    /// # Errors
    /// As [`chunk`](Self::chunk), and if there is more.
    pub fn collect(&mut self, limit: u64) -> Result<Bytes, Fault> {
        let mut all = BytesMut::new();
        while let Some(piece) = self.chunk()? {
            all.extend_from_slice(&piece);
            if all.len() as u64 > limit {
                return Err(self.0.too_large(limit));
            }
        }
        Ok(all.freeze())
    }

    /// What is left of the content as UTF-8, of at most 64 MiB.
    ///
    /// # Errors
    /// As [`collect`](Self::collect), and [`FaultKind::Decode`] if it is not UTF-8.
    pub fn text(&mut self) -> Result<String, Fault> {
        let bytes = self.collect(MOST)?;
        String::from_utf8(bytes.into()).map_err(|error| self.0.undecodable(error))
    }

    /// What is left of the content as JSON, of at most 64 MiB.
    ///
    /// # Errors
    /// As [`collect`](Self::collect), and [`FaultKind::Decode`] if it is not that.
    pub fn json<T: DeserializeOwned>(&mut self) -> Result<T, Fault> {
        let bytes = self.collect(MOST)?;
        serde_json::from_slice(&bytes).map_err(|error| self.0.undecodable(error))
    }

    /// The wire itself, after 101, or after a 2xx to CONNECT. What has come of the other protocol is read first.
    ///
    /// # Errors
    /// [`FaultKind::NotUpgraded`] if it is another answer.
    pub fn upgrade(self) -> Result<Upgraded, Fault> {
        let mut exchange = self.0.into_switched()?;
        let broken = |error| Fault::new(FaultKind::Io, error);
        exchange.wire_mut().socket().wait_always().map_err(broken)?;
        while exchange.poll_flushed(&mut asleep())?.is_pending() {}
        Ok(Upgraded(exchange.hand_over()))
    }
}

impl BufRead for Answer<'_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        wait(&mut self.0, |it| it.by_hand, |it, cx| it.poll_fill(cx).map_ok(drop))?;
        Ok(self.0.here())
    }

    fn consume(&mut self, amount: usize) {
        self.0.consume(amount);
    }
}

impl Read for Answer<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if into.is_empty() {
            return Ok(0);
        }
        let mut here = self.fill_buf()?;
        let read = here.read(into)?;
        self.consume(read);
        Ok(read)
    }
}

impl fmt::Debug for Answer<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A connection that speaks another protocol now, for a thread that waits. What had been read of it is read first.
#[derive(Debug)]
pub struct Upgraded(wire::Upgraded);

impl Read for Upgraded {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let mut read = BytesMut::with_capacity(into.len().min(READ));
        if into.is_empty() {
            return Ok(0);
        }
        let amount = loop {
            if let Poll::Ready(amount) = self.0.poll_read(&mut asleep(), &mut read) {
                break amount?;
            }
        };
        // What was there already may be more than there is room for.
        let (here, rest) = read.split_at(amount.min(into.len()));
        into[..here.len()].copy_from_slice(here);
        self.0.unread(rest);
        Ok(here.len())
    }
}

impl Write for Upgraded {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        loop {
            if let Poll::Ready(written) = self.0.poll_write(&mut asleep(), bytes) {
                return written;
            }
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        loop {
            if let Poll::Ready(flushed) = self.0.poll_flush(&mut asleep()) {
                return flushed;
            }
        }
    }
}

/// What is taken whole without a bound of its own.
const MOST: u64 = 64 * 1024 * 1024;
/// How much is read at a time.
const READ: usize = 64 * 1024;
