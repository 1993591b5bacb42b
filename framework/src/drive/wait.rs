//! Waiting: what is waited for, how long, and whether the peer is still there meanwhile.

use std::task::{Context, Poll, ready};
use std::time::Duration;

use super::access::Journal;
use super::clock::{Moment, NEVER};
use super::ending::End;
use super::h1_server::Driver;
use super::refuse;
use crate::wire::Wire;

/// What is being read, for its deadline.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Waits {
    FirstByte,
    Head,
    Idle,
    Body,
    Drain,
    /// For the rest of what a peer sends that was answered.
    Rest,
    /// For the peer to be reset, as no more is read ahead.
    Full,
    Nothing,
}

impl<W: Wire> Driver<W> {
    /// Writes what waits, and minds that the peer takes it.
    pub(super) fn poll_flush(&mut self, cx: &mut Context<'_>) -> Result<Poll<()>, End> {
        match self.link.poll_flush(cx) {
            Poll::Ready(result) => {
                self.batch = 0;
                self.write_by = NEVER;
                result.map_err(End::of_writing)?;
                self.note(Journal::writes);
                Ok(Poll::Ready(()))
            }
            Poll::Pending => {
                let sent = self.link.sent();
                if self.write_by == NEVER || sent >= self.written + PROGRESS {
                    self.written = sent;
                    self.write_by = self.house.clock.after(self.house.config.write_stall);
                }
                Ok(Poll::Pending)
            }
        }
    }

    /// Listens whether the peer is still there, while nothing is asked of it: what comes stays in the input. A
    /// reset is the end, and so is an end within the request's body; an end behind it only says that no more
    /// requests follow.
    ///
    /// This asks the operating system nothing as long as nothing has come: the read before found the socket empty.
    pub(super) fn poll_gone(&mut self, cx: &mut Context<'_>) -> Result<(), End> {
        while !self.link.conn.has_ended() && self.waits != Waits::Body {
            if self.link.conn.input().len() >= MOST_AHEAD {
                return self.look_whether_gone();
            }
            if self.link.poll_fill(cx).map_err(End::Broken)?.is_pending() {
                return Ok(());
            }
        }
        match self.link.conn.has_ended() {
            true => self.finish_feed(),
            false => Ok(()),
        }
    }

    /// Where as much has been read ahead as may be, a reset is looked for from time to time. An end that lies
    /// behind what was not read cannot be seen.
    #[cold]
    fn look_whether_gone(&mut self) -> Result<(), End> {
        if self.link.wire.has_failed() {
            return Err(End::Gone("the peer was reset"));
        }
        if self.waits != Waits::Full {
            self.wait_for(Waits::Full, self.house.clock.after(Duration::ZERO));
        }
        Ok(())
    }

    pub(super) fn wait_for(&mut self, waits: Waits, until: Moment) {
        self.waits = waits;
        self.read_by = until;
    }

    /// Waits while there is nothing to do but to wait.
    #[inline]
    pub(super) fn poll_deadline(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), End>> {
        if self.member.is_cut() {
            return Poll::Ready(Err(End::Gone("the server stopped")));
        }
        let deadline = self.read_by.min(self.write_by);
        ready!(self.timer.poll(cx, &self.house.clock, deadline));
        Poll::Ready(match self.waits {
            _ if self.write_by <= self.read_by => Err(End::Gone("the peer does not read")),
            Waits::Head => Err(End::Refused(Box::new(refuse::of_slow_head()))),
            _ => Ok(()),
        })
    }

    /// The same while a handler is at work: tells whether something changed for it.
    pub(super) fn poll_busy_deadline(&mut self, cx: &mut Context<'_>) -> Result<bool, End> {
        if self.member.is_cut() {
            return Err(End::Gone("the server stopped"));
        }
        let deadline = self.read_by.min(self.write_by);
        if self.timer.poll(cx, &self.house.clock, deadline).is_pending() {
            return Ok(false);
        }
        if self.write_by <= self.read_by {
            return Err(End::Gone("the peer does not read"));
        }
        match self.waits {
            Waits::Full => self.wait_for(Waits::Nothing, NEVER),
            _ => self.stall(),
        }
        Ok(true)
    }
}

/// How much is read ahead of what is asked for.
const MOST_AHEAD: usize = 16 * 1024;
/// What a peer must take of an answer within one write deadline.
const PROGRESS: usize = 64 * 1024;
