//! Patience: what a client waits for now, and until when.

use std::fmt::Debug;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use super::timeouts::Timeouts;
use crate::service::Phase;

/// A clock that can wake.
pub(crate) trait Alarm: Debug + Default + Send + Unpin + 'static {
    /// A moment of this clock.
    type Moment: Copy + Debug + Ord + Send + Unpin;

    /// The moment that lies so far ahead; none if nobody can count to it.
    fn after(time: Duration) -> Option<Self::Moment>;

    /// Whether a moment has passed.
    fn has_passed(moment: Self::Moment) -> bool;

    /// Ready when the moment has passed; else the task is woken then.
    fn poll(&mut self, cx: &mut Context<'_>, moment: Self::Moment) -> Poll<()>;
}

/// What is waited for now, and until when.
#[derive(Debug)]
pub(crate) struct Patience<A: Alarm> {
    waits: Option<(Phase, Option<A::Moment>)>,
    /// When the whole call must be over.
    deadline: Option<A::Moment>,
    alarm: A,
}

impl<A: Alarm> Patience<A> {
    /// A call begins, which may take so long in all.
    pub(crate) fn begin(&mut self, total: Option<Duration>) {
        self.waits = None;
        self.deadline = total.and_then(A::after);
    }

    /// Something came of what was waited for: the next wait is a new one.
    pub(crate) const fn renew(&mut self) {
        self.waits = None;
    }

    /// Whether the whole call has taken too long.
    pub(crate) fn is_over(&self) -> bool {
        self.deadline.is_some_and(A::has_passed)
    }

    /// Ready with what has been waited for too long: this, without a break, or the whole call. Where it is our own
    /// side that is waited for, that is `None`, and only the call can take too long. Wakes the task then.
    pub(crate) fn poll(
        &mut self,
        cx: &mut Context<'_>,
        phase: Option<Phase>,
        timeouts: &Timeouts,
    ) -> Poll<Phase> {
        let until = phase.and_then(|phase| Some((phase, self.until(phase, timeouts)?)));
        let (phase, until) = match (until, self.deadline) {
            (Some((_, until)), Some(deadline)) if deadline <= until => (Phase::Total, deadline),
            (Some(first), _) => first,
            (None, Some(deadline)) => (Phase::Total, deadline),
            (None, None) => return Poll::Pending,
        };
        ready!(self.alarm.poll(cx, until));
        Poll::Ready(phase)
    }

    #[cfg(feature = "blocking")]
    pub(crate) const fn alarm_mut(&mut self) -> &mut A {
        &mut self.alarm
    }

    /// The end of this wait, which begins now unless it has begun.
    fn until(&mut self, phase: Phase, timeouts: &Timeouts) -> Option<A::Moment> {
        match self.waits {
            Some((waits, until)) if waits == phase => until,
            _ => {
                let until = A::after(timeouts.of(phase));
                self.waits = Some((phase, until));
                until
            }
        }
    }
}

impl<A: Alarm> Default for Patience<A> {
    fn default() -> Self {
        Self { waits: None, deadline: None, alarm: A::default() }
    }
}

#[cfg(feature = "client")]
mod timer {
    use std::pin::Pin;

    use tokio::time::{Instant, Sleep, sleep_until};

    use super::*;

    /// The clock of `tokio`. It stays with its connection: a deadline that moves on does not touch it; it goes off at
    /// the old one, sees that it is early, and is set anew.
    #[derive(Debug, Default)]
    pub(crate) struct Timer(Option<Pin<Box<Sleep>>>);

    impl Alarm for Timer {
        type Moment = Instant;

        fn after(time: Duration) -> Option<Instant> {
            Instant::now().checked_add(time)
        }

        fn has_passed(moment: Instant) -> bool {
            Instant::now() >= moment
        }

        fn poll(&mut self, cx: &mut Context<'_>, moment: Instant) -> Poll<()> {
            let alarm = self.0.get_or_insert_with(|| Box::pin(sleep_until(moment)));
            if alarm.deadline() > moment {
                alarm.as_mut().reset(moment);
            }
            loop {
                ready!(alarm.as_mut().poll(cx));
                if Self::has_passed(moment) {
                    return Poll::Ready(());
                }
                alarm.as_mut().reset(moment);
            }
        }
    }
}

#[cfg(feature = "client")]
pub(crate) use timer::Timer;
