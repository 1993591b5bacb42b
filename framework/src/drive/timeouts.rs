//! Timeouts: how long a client waits for its peer, phase by phase.

use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::time::{Instant, Sleep, sleep_until};

use crate::service::Phase;

/// How long a client waits for each thing it may have to wait for. A [`Deadline`](crate::service::Deadline)
/// bounds a whole call besides, whatever it waits for.
///
/// None of them runs while the client waits for its own side: for a body that a program writes slowly, or for a
/// program that does not read an answer. A duration too long to be counted, such as [`Duration::MAX`], is never.
///
/// ```
/// use std::time::Duration;
/// use counterpart::client::{Client, Timeouts};
///
/// # fn main() -> Result<(), counterpart::Fault> {
/// let mut timeouts = Timeouts::default();
/// timeouts.head = Duration::from_secs(5);
/// let client = Client::new("http://127.0.0.1:8080")?.with_timeouts(timeouts);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Timeouts {
    /// Until there is a connection, with finding the address of the name. Default 10 s.
    pub connect: Duration,
    /// Between two pieces of the request that the peer takes. Default 30 s.
    pub send: Duration,
    /// From the end of the request to the end of the answer's head, however steadily it comes. Default 60 s.
    pub head: Duration,
    /// Between two pieces of the answer's body that is waited for. Default 30 s.
    pub body: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            send: Duration::from_secs(30),
            head: Duration::from_secs(60),
            body: Duration::from_secs(30),
        }
    }
}

impl Timeouts {
    const fn of(&self, phase: Phase) -> Duration {
        match phase {
            Phase::Connect => self.connect,
            Phase::Send => self.send,
            Phase::Head => self.head,
            Phase::Body => self.body,
            Phase::Total => Duration::MAX,
        }
    }
}

/// What is waited for now, and until when. The alarm stays with its connection: a deadline that moves on does not
/// touch it; it goes off at the old one, sees that it is early, and is set anew.
#[derive(Debug, Default)]
pub(super) struct Patience {
    waits: Option<(Phase, Option<Instant>)>,
    alarm: Option<Pin<Box<Sleep>>>,
}

impl Patience {
    /// Something came of what was waited for: the next wait is a new one.
    pub(super) const fn renew(&mut self) {
        self.waits = None;
    }

    /// Ready when this has been waited for too long, without a break. Wakes the task then.
    pub(super) fn poll(
        &mut self,
        cx: &mut Context<'_>,
        phase: Phase,
        timeouts: &Timeouts,
    ) -> Poll<()> {
        let until = match self.waits {
            Some((waits, until)) if waits == phase => until,
            _ => {
                let until = Instant::now().checked_add(timeouts.of(phase));
                self.waits = Some((phase, until));
                until
            }
        };
        let Some(until) = until else { return Poll::Pending };
        let alarm = self.alarm.get_or_insert_with(|| Box::pin(sleep_until(until)));
        if alarm.deadline() > until {
            alarm.as_mut().reset(until);
        }
        loop {
            ready!(alarm.as_mut().poll(cx));
            if Instant::now() >= until {
                return Poll::Ready(());
            }
            alarm.as_mut().reset(until);
        }
    }
}
