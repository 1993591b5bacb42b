//! What there is to measure: one file for each figure, and their table.
//!
//! Each is a function that is told the run and gives samples. Most go by `turns`.

use anyhow::Result;

use crate::Run;
use crate::sample::Sample;

/// Something to measure.
#[derive(Debug)]
pub struct Figure {
    /// What it is asked for by, and what its samples' figures begin with.
    pub name: &'static str,
    /// One line about it.
    pub about: &'static str,
    /// Which programs must have been built.
    pub of: Of,
    /// What measures it.
    pub measure: fn(&Run) -> Result<Vec<Sample>>,
}

/// What programs a figure runs.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Of {
    /// Those in `servers/`.
    Servers,
    /// Those in `clients/`, and the first server for them to ask.
    Clients,
}

/// All of them, in the order they are listed and measured in.
pub const FIGURES: &[Figure] = &[];
