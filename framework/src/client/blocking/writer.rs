//! Content of a request that is written by hand, for a thread that waits.

use std::fmt;
use std::io::{self, Write};
use std::task::{Context, Poll};

use bytes::Bytes;
use http::HeaderMap;

use super::answer::Answer;
use super::line::Line;
use super::socket::Clock;
use super::{Blocked, wait};
use crate::client::by_hand::{Reading, Writing};
use crate::drive::exchange::asleep;
use crate::service::Fault;
use crate::text::Fields;

/// A request whose content is being written, on a [`Connection`](super::Connection): a [`Write`]. See
/// [`client::BodyWriter`](crate::client::BodyWriter), whose every rule holds here.
pub struct BodyWriter<'c>(Writing<'c, Line, Clock>);

impl<'c> BodyWriter<'c> {
    pub(super) const fn new(writing: Writing<'c, Line, Clock>) -> Self {
        Self(writing)
    }

    /// Sends a piece of content, as one chunk if the length is unknown; an empty one is skipped.
    ///
    /// # Errors
    /// If the connection broke or the peer answered, which [`finish`](Self::finish) tells more of; if it is more than
    /// was declared, and if the peer does not take it, which close the connection.
    pub fn send(&mut self, data: impl Into<Bytes>) -> Result<(), Fault> {
        self.wait(Writing::poll_room)?;
        self.0.put(data.into(), &mut asleep())
    }

    /// Ends the request, and reads the head of its answer.
    ///
    /// # Errors
    /// If less was written than was declared; else as [`Connection::send`](super::Connection::send).
    pub fn finish(self) -> Result<Answer<'c>, Fault> {
        self.end(None)
    }

    /// The same with trailer fields, which are sent behind chunks; a body of a known length has no place for them.
    ///
    /// # Errors
    /// As [`finish`](Self::finish), and if a field may not stand in trailers (RFC 9110 §6.5.1).
    pub fn finish_with(self, trailers: HeaderMap) -> Result<Answer<'c>, Fault> {
        self.end(Some(&trailers.into()))
    }

    fn end(self, trailers: Option<&Fields>) -> Result<Answer<'c>, Fault> {
        let (blocked, called) = self.0.end(trailers)?;
        let head = wait(blocked, |it: &mut Blocked| it, |it, cx| it.poll_head(cx, &called))?;
        Ok(Answer::new(Reading::new(blocked, called, head)))
    }

    fn wait(
        &mut self,
        mut poll: impl FnMut(&mut Writing<'c, Line, Clock>, &mut Context<'_>) -> Poll<Result<(), Fault>>,
    ) -> Result<(), Fault> {
        loop {
            if let Poll::Ready(done) = poll(&mut self.0, &mut asleep()) {
                return done;
            }
            super::park(self.0.by_hand()?);
        }
    }
}

impl Write for BodyWriter<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let bytes = &bytes[..bytes.len().min(MOST_AT_ONCE)];
        self.send(Bytes::copy_from_slice(bytes))?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(self.wait(Writing::poll_sent)?)
    }
}

impl fmt::Debug for BodyWriter<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// What is taken of one `write`.
const MOST_AT_ONCE: usize = 64 * 1024;
