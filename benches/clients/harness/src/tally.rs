//! The tally: which call is next, and what each has taken.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use rustix::time::{ClockId, clock_gettime};
use serde::Serialize;

use crate::plan::Plan;

/// Tickets for calls, and how long each measured call took.
#[derive(Debug)]
pub struct Tally {
    warmup: u64,
    end: u64,
    next: AtomicU64,
    /// When the first measured call began, and how much CPU time the process had used by then.
    began: OnceLock<(Instant, Duration)>,
    /// In nanoseconds.
    took: Mutex<Vec<u32>>,
}

/// A call that has begun.
#[derive(Debug)]
pub struct Call {
    is_measured: bool,
    since: Instant,
}

/// The line that is printed at the end.
#[derive(Serialize)]
struct Report {
    calls: usize,
    seconds: f64,
    cpu_seconds: f64,
    p50_us: f64,
    p99_us: f64,
    p999_us: f64,
}

impl Tally {
    /// One with all tickets of a plan.
    #[must_use]
    pub fn new(plan: &Plan) -> Self {
        let room = usize::try_from(plan.calls).unwrap_or_default();
        Self {
            warmup: plan.warmup,
            end: plan.warmup + plan.calls,
            next: AtomicU64::new(0),
            began: OnceLock::new(),
            took: Mutex::new(Vec::with_capacity(room)),
        }
    }

    /// The ticket for the next call, as long as there is one.
    pub fn begin(&self) -> Option<Call> {
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        if number >= self.end {
            return None;
        }
        let since = Instant::now();
        if number == self.warmup {
            self.began.get_or_init(|| (since, cpu_time()));
        }
        Some(Call { is_measured: number >= self.warmup, since })
    }

    /// Takes a ticket back: its call was answered rightly.
    pub fn end(&self, call: &Call) {
        if call.is_measured {
            let nanos = u32::try_from(call.since.elapsed().as_nanos()).unwrap_or(u32::MAX);
            self.took.lock().unwrap_or_else(PoisonError::into_inner).push(nanos);
        }
    }

    /// Prints what all calls have taken, as one line of JSON. All tickets must be back.
    pub fn report(&self) {
        let (now, cpu) = (Instant::now(), cpu_time());
        let Some((began, cpu_before)) = self.began.get() else { crate::fail("nothing was called") };
        let mut took = self.took.lock().unwrap_or_else(PoisonError::into_inner);
        took.sort_unstable();
        let report = Report {
            calls: took.len(),
            seconds: now.duration_since(*began).as_secs_f64(),
            cpu_seconds: cpu.saturating_sub(*cpu_before).as_secs_f64(),
            p50_us: quantile(&took, 0.5),
            p99_us: quantile(&took, 0.99),
            p999_us: quantile(&took, 0.999),
        };
        println!("{}", serde_json::to_string(&report).unwrap_or_else(|error| crate::fail(error)));
    }
}

/// The CPU time of all threads of this process.
fn cpu_time() -> Duration {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    Duration::try_from(time).unwrap_or_default()
}

/// In microseconds, of nanoseconds in order: the smallest that so large a part does not exceed.
fn quantile(sorted: &[u32], part: f64) -> f64 {
    let rank = (sorted.len() as f64 * part).ceil() as usize;
    let nanos = sorted.get(rank.saturating_sub(1)).copied().unwrap_or_default();
    f64::from(nanos) / 1000.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_members() {
        let sorted: Vec<u32> = (1..=1000).map(|number| number * 1000).collect();
        assert_eq!([0.5, 0.99, 0.999].map(|part| quantile(&sorted, part)), [500.0, 990.0, 999.0]);
        assert_eq!(quantile(&[7000], 0.999), 7.0);
    }

    #[test]
    fn warmup_is_not_counted() {
        let plan = Plan { url: String::new(), concurrency: 1, calls: 3, warmup: 2 };
        let tally = Tally::new(&plan);
        while let Some(call) = tally.begin() {
            tally.end(&call);
        }
        assert_eq!(tally.took.lock().unwrap().len(), 3);
        assert!(tally.began.get().is_some());
    }
}
