//! A coarse clock: the time, and the `Date` of an answer, without asking the operating system each time.

use std::cell::Cell;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Weak};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use tokio::time::{Instant, MissedTickBehavior, interval};

use crate::proto::h1::DateLine;

/// A clock that a task of its own moves on, four times a second. All deadlines of a server stand on it.
#[derive(Debug)]
pub struct Clock {
    origin: Instant,
    millis: AtomicU64,
    wall: AtomicU64,
}

/// A moment: milliseconds since the clock was started.
pub(super) type Moment = u64;

/// The moment that never comes.
pub(super) const NEVER: Moment = Moment::MAX;

impl Clock {
    /// Starts a clock on the runtime of the caller. It stops when it is dropped.
    ///
    /// # Panics
    /// Outside of a runtime.
    #[must_use]
    pub fn start() -> Arc<Self> {
        let clock = Arc::new(Self {
            origin: Instant::now(),
            millis: AtomicU64::new(0),
            wall: AtomicU64::new(wall()),
        });
        tokio::spawn(run(Arc::downgrade(&clock)));
        clock
    }

    /// This moment, or one up to a quarter of a second ago.
    pub(super) fn now(&self) -> Moment {
        self.millis.load(Ordering::Relaxed)
    }

    /// The moment that lies so far ahead; never earlier, and a quarter of a second later at most.
    pub(super) fn after(&self, time: Duration) -> Moment {
        self.later(millis(time))
    }

    /// So many milliseconds from now, and no earlier.
    #[inline]
    pub(super) fn later(&self, time: u64) -> Moment {
        self.now().saturating_add(TICK).saturating_add(time)
    }

    /// Whether a moment has passed, to the millisecond.
    pub(super) fn has_passed(&self, moment: Moment) -> bool {
        self.origin.elapsed().as_millis() >= u128::from(moment)
    }

    pub(super) fn instant(&self, moment: Moment) -> Instant {
        self.origin + Duration::from_millis(moment.min(FARTHEST))
    }

    /// The line of `Date` (RFC 9110 §6.6.1), written once a second.
    #[inline]
    pub(super) fn date(&self) -> DateLine {
        let now = self.wall.load(Ordering::Relaxed);
        match WRITTEN.get() {
            Some((second, line)) if second == now => line,
            _ => {
                let line = write_date(now);
                WRITTEN.set(Some((now, line)));
                line
            }
        }
    }

    fn tick(&self) {
        self.millis.store(millis(self.origin.elapsed()), Ordering::Relaxed);
        self.wall.store(wall(), Ordering::Relaxed);
    }
}

async fn run(clock: Weak<Clock>) {
    let mut interval = interval(Duration::from_millis(TICK));
    interval.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut watchdog = Watchdog { ticked: Instant::now(), warned: None };
    loop {
        interval.tick().await;
        let Some(clock) = clock.upgrade() else { return };
        clock.tick();
        watchdog.tick(Instant::now());
    }
}

/// Notices that nothing ran for a while on the thread on which the clock should have ticked.
struct Watchdog {
    ticked: Instant,
    warned: Option<Instant>,
}

impl Watchdog {
    fn tick(&mut self, now: Instant) {
        if let Some(late) = self.notice(now) {
            let late = late.as_millis();
            tracing::warn!(
                target: "counterpart",
                "nothing else ran for {late} ms: a handler blocks its thread, where it should await or `spawn_blocking`"
            );
        }
    }

    /// How late this tick is, if that is worth a word.
    fn notice(&mut self, now: Instant) -> Option<Duration> {
        let late = now.duration_since(self.ticked).saturating_sub(Duration::from_millis(TICK));
        self.ticked = now;
        let is_news = self.warned.is_none_or(|warned| now.duration_since(warned) >= SILENCE);
        if late <= PATIENCE || !is_news {
            return None;
        }
        self.warned = Some(now);
        Some(late)
    }
}

/// A time in milliseconds; one that is too long for that never ends.
pub(super) fn millis(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(NEVER)
}

fn wall() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}

fn write_date(second: u64) -> DateLine {
    let text = httpdate::fmt_http_date(UNIX_EPOCH + Duration::from_secs(second));
    let mut date = [b' '; 29];
    date.copy_from_slice(text.as_bytes());
    DateLine::new(&date)
}

thread_local! {
    static WRITTEN: Cell<Option<(u64, DateLine)>> = const { Cell::new(None) };
}

/// How late a tick may be on a machine that is merely busy.
const PATIENCE: Duration = Duration::from_secs(1);
/// Between two warnings that a handler blocks.
const SILENCE: Duration = Duration::from_secs(60);
/// Milliseconds between two ticks.
const TICK: u64 = 250;
/// As far ahead as a timer looks: thirty years.
const FARTHEST: u64 = 30 * 365 * 24 * 3600 * 1000;

#[cfg(test)]
mod tests {
    use super::*;

    /// T37: a thread that was blocked is told of, once a minute.
    #[test]
    fn late_ticks_are_noticed_and_not_too_often() {
        let mut now = Instant::now();
        let mut watchdog = Watchdog { ticked: now, warned: None };
        let mut after = |millis| {
            now += Duration::from_millis(millis);
            watchdog.notice(now).map(|late| late.as_millis())
        };
        assert_eq!(after(250), None);
        assert_eq!(after(1250), None);
        assert_eq!(after(2250), Some(2000));
        assert_eq!(after(30_000), None);
        assert_eq!(after(30_000), Some(29_750));
    }
}
