//! What disturbed a measurement: nothing is dropped for it, but it is marked.
//!
//! Three rules. While it goes on: others used more than a twentieth of its processors (stolen time included), or one
//! of its programs had to wait more than a twentieth of the time for its own. Afterwards: it is more than 15 % off the
//! median of its like.

use std::time::{Duration, Instant};

use anyhow::Result;

use crate::process::{Process, Usage, busy};
use crate::stats::median;

/// What is used during a measurement, by whom.
#[derive(Debug)]
pub struct Watch {
    cpus: Vec<usize>,
    programs: Vec<(Process, Usage)>,
    busy: Duration,
    began: Instant,
    /// Whether each program has a processor of its own.
    alone: bool,
}

/// What was used.
#[derive(Clone, Debug)]
pub struct Seen {
    /// How long it took.
    pub took: Duration,
    /// By each of the programs, in the order they were named.
    pub usage: Vec<Usage>,
    /// By everybody, on these processors.
    busy: Duration,
    cpus: u32,
    alone: bool,
}

impl Watch {
    /// Begins to watch these programs, which run on these processors.
    ///
    /// # Errors
    ///
    /// If one of them has ended.
    pub fn begin(cpus: &[usize], programs: &[Process]) -> Result<Self> {
        let mut cpus = cpus.to_vec();
        cpus.dedup();
        let alone = programs.len() <= cpus.len();
        let programs = programs.iter().map(|&it| Ok((it, it.usage()?))).collect::<Result<_>>()?;
        Ok(Self { busy: busy(&cpus)?, cpus, programs, alone, began: Instant::now() })
    }

    /// Knows that the programs share their processors, and so wait for each other.
    #[must_use]
    pub fn sharing(self) -> Self {
        Self { alone: false, ..self }
    }

    /// Says what was used since.
    ///
    /// # Errors
    ///
    /// If one of the programs has ended.
    pub fn end(&self) -> Result<Seen> {
        let took = self.began.elapsed();
        let since = |(program, before): &(Process, Usage)| Ok(program.usage()?.since(*before));
        let usage = self.programs.iter().map(since).collect::<Result<_>>()?;
        let busy = busy(&self.cpus)?.saturating_sub(self.busy);
        let cpus = u32::try_from(self.cpus.len())?;
        Ok(Seen { took, usage, busy, cpus, alone: self.alone })
    }
}

impl Seen {
    /// One more program ran for so long.
    #[must_use]
    pub fn with(mut self, ran: Duration) -> Self {
        self.usage.push(Usage { ran, waited: Duration::ZERO });
        self
    }

    /// What disturbed it, in words, if something did.
    pub fn disturbance(&self) -> Option<String> {
        let ran: Duration = self.usage.iter().map(|usage| usage.ran).sum();
        let others = share(self.busy.saturating_sub(ran), self.took * self.cpus);
        if others > LIMIT {
            return Some(format!("others used {:.0} % of the processors", others * 100.0));
        }
        let waited = self.usage.iter().map(|usage| share(usage.waited, self.took));
        let waited = waited.fold(0.0, f64::max);
        (self.alone && waited > LIMIT)
            .then(|| format!("a program waited {:.0} % of the time", waited * 100.0))
    }
}

/// Whether a value is more than 15 % off the median of its like, itself among them.
pub fn is_outlier(value: f64, like: impl IntoIterator<Item = f64>) -> bool {
    let median = median(like).unwrap_or(value);
    (value - median).abs() > OFF * median.abs()
}

fn share(part: Duration, whole: Duration) -> f64 {
    part.as_secs_f64() / whole.as_secs_f64().max(f64::MIN_POSITIVE)
}

/// How much of the processors others may use, and how long a program may wait.
const LIMIT: f64 = 0.05;

/// How far from the median a sample may be.
const OFF: f64 = 0.15;

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(busy: u64, usage: &[(u64, u64)]) -> Seen {
        let of = |&(ran, waited): &(u64, u64)| Usage {
            ran: Duration::from_millis(ran),
            waited: Duration::from_millis(waited),
        };
        Seen {
            took: Duration::from_secs(1),
            usage: usage.iter().map(of).collect(),
            busy: Duration::from_millis(busy),
            cpus: 2,
            alone: true,
        }
    }

    #[test]
    fn others_may_use_a_twentieth() {
        assert_eq!(seen(2000, &[(990, 0), (920, 0)]).disturbance(), None);
        let words = seen(2000, &[(990, 0), (800, 0)]).disturbance();
        assert_eq!(words.as_deref(), Some("others used 10 % of the processors"));
        // The kernel counts in ticks, and may see less than there was.
        assert_eq!(seen(1000, &[(990, 0), (800, 0)]).disturbance(), None);
    }

    #[test]
    fn a_program_may_wait_a_twentieth() {
        assert_eq!(seen(1000, &[(500, 50), (500, 0)]).disturbance(), None);
        let words = seen(1000, &[(500, 0), (500, 80)]).disturbance();
        assert_eq!(words.as_deref(), Some("a program waited 8 % of the time"));
        let sharing = Seen { alone: false, ..seen(1000, &[(500, 0), (500, 80)]) };
        assert_eq!(sharing.disturbance(), None);
    }

    #[test]
    fn what_is_far_from_its_like() {
        let like = [10.0, 11.0, 11.6, 8.4, 9.0];
        assert_eq!(like.map(|it| is_outlier(it, like)), [false, false, true, true, false]);
        assert!(!is_outlier(3.0, [3.0]) && !is_outlier(0.0, [0.0, 0.0]));
    }

    #[test]
    fn watches_this_process() {
        let watch = Watch::begin(&crate::machine::cpus(), &[Process::own()]).unwrap();
        let seen = watch.end().unwrap();
        assert_eq!(seen.usage.len(), 1);
        assert!(Watch::begin(&[0], &[Process(u32::MAX)]).is_err());
    }
}
