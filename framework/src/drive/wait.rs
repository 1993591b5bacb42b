//! Waiting: what is waited for, how long, and whether the peer is still there meanwhile.

use std::task::{Context, Poll, ready};

use super::clock::{Moment, NEVER};
use super::h1_server::{Driver, End};
use super::refuse;
use crate::body::BodyErrorKind;
use crate::proto::h1::State;
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

    /// Listens whether the peer is still there, while nothing is asked of it: what comes stays in the input. A
    /// reset is the end, and so is an end within the request's body; an end behind it only says that no more
    /// requests follow.
    ///
    /// This asks the operating system nothing as long as nothing has come: the read before found the socket empty.
    pub(super) fn poll_gone(&mut self, cx: &mut Context<'_>) -> Result<(), End> {
        while !self.link.conn.has_ended()
            && self.waits != Waits::Body
            && self.link.conn.input().len() < MOST_AHEAD
        {
            if self.link.poll_fill(cx).map_err(End::Broken)?.is_pending() {
                return Ok(());
            }
        }
        let conn = &mut self.link.conn;
        let here = conn.input().len() as u64;
        let lacks = conn.body_left().map_or(here == 0, |left| left > here);
        match conn.has_ended() && conn.theirs() == State::Body && lacks {
            true => Err(End::Gone("the peer went away within a body")),
            false => Ok(()),
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

/// How much is read ahead of what is asked for.
const MOST_AHEAD: usize = 16 * 1024;
/// What a peer must take of an answer within one write deadline.
const PROGRESS: usize = 64 * 1024;
