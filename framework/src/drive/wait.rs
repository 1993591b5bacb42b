//! Waiting: what is waited for, and how long.

use std::task::{Context, Poll, ready};

use super::clock::{Moment, NEVER};
use super::h1_server::{Driver, End};
use super::refuse;
use crate::body::BodyErrorKind;
use crate::wire::Wire;

/// What is being read, for its deadline.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Waits {
    FirstByte,
    Head,
    Idle,
    Body,
    Drain,
    Nothing,
}

impl<W: Wire> Driver<W> {
    /// Writes what waits, and minds that the peer takes it.
    pub(super) fn poll_flush(&mut self, cx: &mut Context<'_>) -> Result<Poll<()>, End> {
        match self.link.poll_flush(cx) {
            Poll::Ready(result) => {
                self.batch = 0;
                self.write_by = NEVER;
                result.map(Poll::Ready).map_err(End::Broken)
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

    pub(super) fn wait_for(&mut self, waits: Waits, until: Moment) {
        self.waits = waits;
        self.read_by = until;
    }

    /// Waits while there is nothing to do but to wait.
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
        self.wait_for(Waits::Nothing, NEVER);
        self.link.conn.close_after();
        if let Some(feed) = self.feed.take() {
            feed.inlet.fail(BodyErrorKind::Stalled.into());
        }
        Ok(true)
    }
}

/// What a peer must take of an answer within one write deadline.
const PROGRESS: usize = 64 * 1024;
