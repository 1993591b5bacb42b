//! Ending: the last words of a connection, and that the peer can read them.

use std::fmt;
use std::io;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use super::access::Journal;
use super::clock::NEVER;
use super::h1_server::Driver;
use super::refuse;
use super::wait::Waits;
use crate::body::CutShort;
use crate::message::Response;
use crate::proto::h1::{ErrorKind, ProtocolError, State};
use crate::wire::Wire;

/// Why a connection ends before its peer ends it.
#[derive(Debug)]
pub(super) enum End {
    /// The peer broke a rule or was too slow, and is to be told.
    Refused(Box<Response>),
    /// The peer is gone, does not listen, or cannot be told any more.
    Gone(&'static str),
    Broken(io::Error),
}

impl<W: Wire> Driver<W> {
    /// Writes what is left, ends our half, and lets a peer that is still sending read its answer: closing
    /// on unread bytes would reset the connection under it.
    pub(super) fn poll_close(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), End>> {
        ready!(self.poll_written(cx))?;
        let sends = self.link.conn.has_more_to_say();
        if sends && self.waits != Waits::Drain {
            ready!(self.poll_hear_out(cx))?;
        }
        ready!(self.link.wire.poll_shutdown(cx)).map_err(End::Broken)?;
        let over = matches!(self.link.conn.theirs(), State::MustClose | State::Closed);
        if (over || self.link.conn.is_idle()) && !self.link.conn.has_input() {
            return Poll::Ready(Ok(()));
        }
        if self.waits != Waits::Drain {
            if !sends {
                self.drain = self.house.config.drain.saturating_mul(LINGERING);
            }
            self.begin_drain();
        }
        self.poll_away(cx)
    }

    /// Lets a peer say on for a moment before our half ends: some take that for the end of theirs, and would not look
    /// for the answer that they have.
    fn poll_hear_out(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), End>> {
        if self.waits != Waits::Rest {
            self.drain = self.house.config.drain.saturating_mul(LISTENING);
            self.wait_for(Waits::Rest, self.house.clock.after(MOMENT));
        }
        self.poll_away(cx)
    }

    /// Reads and drops: until the peer ends, has said too much, or the time is over.
    fn poll_away(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), End>> {
        loop {
            self.link.conn.input().clear();
            match self.link.poll_fill(cx).map_err(End::Broken)? {
                Poll::Ready(0) => return Poll::Ready(Ok(())),
                Poll::Ready(n) if n as u64 <= self.drain => self.drain -= n as u64,
                Poll::Ready(_) => return Poll::Ready(Ok(())),
                Poll::Pending if self.member.is_cut() => return Poll::Ready(Ok(())),
                Poll::Pending => {
                    let late = self.timer.poll(cx, &self.house.clock, self.read_by);
                    return late.map(|()| Ok(()));
                }
            }
        }
    }

    /// Writes what is left, as far as the peer takes it in time.
    pub(super) fn poll_written(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), End>> {
        if self.poll_flush(cx)?.is_ready() {
            return Poll::Ready(Ok(()));
        }
        match self.poll_busy_deadline(cx)? {
            true => Poll::Ready(Err(End::Gone("the peer does not read its answer"))),
            false => Poll::Pending,
        }
    }

    /// Answers what will not reach the service, if an answer can still be given.
    pub(super) fn refuse(&mut self, response: Response) -> Result<(), End> {
        if matches!(self.link.conn.ours(), State::Idle | State::Owed) {
            self.link.conn.close_after();
            self.wait_for(Waits::Nothing, NEVER);
            (self.asked_head, self.asked_connect) = (false, false);
            self.note(Journal::refuses);
            self.begin_answer(response)?;
            self.note(Journal::ends);
        }
        Ok(())
    }

    pub(super) fn begin_drain(&mut self) {
        if self.waits != Waits::Drain {
            self.wait_for(Waits::Drain, self.house.clock.after(self.house.config.drain_time));
        }
    }
}

impl End {
    #[cold]
    pub(super) fn refused(error: ProtocolError) -> Self {
        match error.kind() {
            ErrorKind::Incomplete => Self::Gone("the peer went away within a message"),
            _ => Self::Refused(Box::new(refuse::of_error(&error))),
        }
    }

    /// That bytes could not be written: for want of a wire, or of the file that they come from.
    #[cold]
    pub(super) fn of_writing(error: io::Error) -> Self {
        if !CutShort::is(&error) {
            return Self::Broken(error);
        }
        tracing::error!(target: "counterpart", "the answer broke off: {error}");
        Self::Gone("the answer broke off")
    }
}

impl fmt::Display for End {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused(response) => write!(f, "refused with {}", response.status),
            Self::Gone(why) => f.write_str(why),
            Self::Broken(error) => write!(f, "the wire broke: {error}"),
        }
    }
}

/// How many times as much is read of a peer that broke a rule before it had said all: what it sends is on its way already,
/// through the buffers of proxies too, and a reset would take the answer with it.
const LINGERING: u64 = 4;
/// And of one that only says more than is wanted: many clients read no answer before all of their content has left.
const LISTENING: u64 = 128;
/// How long a peer that sends is heard out before our half ends.
const MOMENT: Duration = Duration::from_millis(100);
