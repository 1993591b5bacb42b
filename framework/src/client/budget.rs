//! What is made again: a budget for it, and waits by chance.

use std::hash::{BuildHasher, Hasher, RandomState};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

/// What may still be made again, in shares of one: so much for each hundred calls.
#[derive(Debug)]
pub(super) struct Budget {
    shares: AtomicU32,
    /// How many a call brings.
    each: u32,
}

impl Budget {
    pub(super) fn new(percent: u32) -> Self {
        Self { shares: AtomicU32::new(FULL), each: percent }
    }

    /// A call begins.
    pub(super) fn earn(&self) {
        let more = |shares: u32| Some(shares.saturating_add(self.each).min(FULL));
        // Mostly it is full, and then nobody writes to what all calls share.
        if self.shares.load(Ordering::Relaxed) < FULL {
            let _ = self.shares.fetch_update(Ordering::Relaxed, Ordering::Relaxed, more);
        }
    }

    /// Whether there is one more, which is then spent.
    pub(super) fn spend(&self) -> bool {
        let less = |shares: u32| shares.checked_sub(WHOLE);
        self.shares.fetch_update(Ordering::Relaxed, Ordering::Relaxed, less).is_ok()
    }
}

/// A time between nothing and `first`, doubled after each retry.
pub(super) fn by_chance(first: Duration, longest: Duration, made: u32) -> Duration {
    let doubled = first.saturating_mul(1_u32.checked_shl(made).unwrap_or(u32::MAX));
    // Keys that are made anew each time, by chance, are chance enough.
    let chance = RandomState::new().build_hasher().finish();
    doubled.min(longest).mul_f64(chance as f64 / u64::MAX as f64)
}

/// For a hundred calls.
pub(super) const PERCENT: u32 = 20;
/// What one costs; what one call brings is a percentage of it.
const WHOLE: u32 = 100;
/// Ten may be made before any were earned, and more are not kept.
const FULL: u32 = 10 * WHOLE;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wait_is_by_chance_and_bounded() {
        let (first, longest) = (Duration::from_secs(1), Duration::from_secs(5));
        for (made, most) in [(0, 1), (1, 2), (2, 4), (3, 5), (40, 5)] {
            let waits: Vec<_> = (0..50).map(|_| by_chance(first, longest, made)).collect();
            assert!(waits.iter().all(|wait| *wait <= Duration::from_secs(most)));
            assert!(waits.windows(2).any(|two| two[0] != two[1]));
        }
    }

    #[test]
    fn a_budget_is_spent_and_earned() {
        let budget = Budget::new(20);
        assert_eq!((0..100).filter(|_| budget.spend()).count(), 10);
        (0..5).for_each(|_| budget.earn());
        assert!(budget.spend() && !budget.spend());
    }
}
