//! What several samples of one thing say together.

use crate::sample::Sample;
use crate::stats::median;

/// What is known of one peer in one case.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Cell {
    /// Of the samples that nothing disturbed; of all, if all were.
    pub(super) median: f64,
    /// The least of the same samples.
    pub(super) min: f64,
    /// The greatest of them.
    pub(super) max: f64,
    /// How many they are.
    pub(super) samples: usize,
    /// Whether they can be relied on.
    pub(super) noise: Noise,
}

/// How many of a cell's samples were disturbed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Noise {
    /// None.
    Quiet,
    /// Some, and these are left out.
    Some,
    /// All, so they had to be taken.
    All,
}

impl Cell {
    /// Of these samples; nothing of none.
    pub(super) fn of<'a>(samples: impl Iterator<Item = &'a Sample> + Clone) -> Option<Self> {
        let noisy = samples.clone().filter(|sample| sample.noisy).count();
        let noise = match samples.clone().count() {
            _ if noisy == 0 => Noise::Quiet,
            all if noisy == all => Noise::All,
            _ => Noise::Some,
        };
        let counts = |sample: &&Sample| noise == Noise::All || !sample.noisy;
        let values: Vec<f64> = samples.filter(counts).map(|sample| sample.value).collect();
        let min = values.iter().copied().reduce(f64::min)?;
        let max = values.iter().copied().reduce(f64::max)?;
        let samples = values.len();
        Some(Self { median: median(values)?, min, max, samples, noise })
    }
}

impl Noise {
    /// What stands behind a number in a table.
    pub(super) const fn mark(self) -> &'static str {
        match self {
            Self::Quiet => "",
            Self::Some => " ~",
            Self::All => " ~~",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::grid::tests::sample;

    fn cell(values: &[(f64, bool)]) -> Option<Cell> {
        let one = |&(value, noisy)| Sample { noisy, ..sample("speed.cpu", "axum", "json", value) };
        Cell::of(values.iter().map(one).collect::<Vec<_>>().iter())
    }

    #[test]
    fn leaves_disturbed_samples_out_and_says_so() {
        let quiet = cell(&[(3.0, false), (1.0, false), (2.0, false)]).unwrap();
        assert_eq!(
            (quiet.median, quiet.min, quiet.max, quiet.noise),
            (2.0, 1.0, 3.0, Noise::Quiet)
        );
        let some = cell(&[(3.0, false), (9.0, true), (1.0, false), (0.1, true)]).unwrap();
        assert_eq!((some.median, some.min, some.samples, some.noise), (2.0, 1.0, 2, Noise::Some));
    }

    #[test]
    fn takes_disturbed_samples_where_there_are_no_others() {
        let all = cell(&[(4.0, true), (8.0, true)]).unwrap();
        assert_eq!((all.median, all.min, all.noise), (6.0, 4.0, Noise::All));
        assert_eq!(all.noise.mark(), " ~~");
        assert_eq!(cell(&[]), None);
    }
}
