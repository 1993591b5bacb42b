//! The one timer of a connection.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use tokio::time::{Sleep, sleep_until};

use super::clock::{Clock, Moment};

/// Wakes its task at a deadline that moves with every request.
///
/// A deadline that moves on does not touch the timer: it fires at the old one, sees that it is early, and is
/// set anew. So a connection that serves a thousand requests sets it twice.
#[derive(Debug)]
pub(super) struct Timer {
    sleep: Pin<Box<Sleep>>,
    /// For when it is set; never, as long as it is not.
    set: Option<Moment>,
}

impl Timer {
    pub(super) fn new(clock: &Clock) -> Self {
        Self { sleep: Box::pin(sleep_until(clock.instant(0))), set: None }
    }

    /// Ready once the deadline has passed; wakes the task then. A connection stays in one task, so what was
    /// woken once need not be told again whom to wake.
    #[inline]
    pub(super) fn poll(
        &mut self,
        cx: &mut Context<'_>,
        clock: &Arc<Clock>,
        deadline: Moment,
    ) -> Poll<()> {
        if deadline == Moment::MAX {
            return Poll::Pending;
        }
        if self.set.is_some_and(|set| set <= deadline) && !self.sleep.is_elapsed() {
            return Poll::Pending;
        }
        if self.set.is_some() && clock.has_passed(deadline) {
            return Poll::Ready(());
        }
        self.set = Some(deadline);
        self.sleep.as_mut().reset(clock.instant(deadline));
        self.sleep.as_mut().poll(cx)
    }
}
