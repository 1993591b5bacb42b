//! What is measured, and on what: the two things that figures give and the report takes.

use serde::{Deserialize, Serialize};

/// One number, measured once.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Sample {
    /// What was measured: a figure's name, and after a point which of its numbers (`speed.cpu`). One table each.
    pub figure: String,
    /// The program it was measured of; a row of the table.
    pub peer: String,
    /// Under which circumstances; a column. Where it is a number (bytes, routes, connections), it stands alone.
    pub case: String,
    /// How much, in `unit`.
    pub value: f64,
    /// In words: `req/s`, `µs/req`, `µs`, `MiB/s`, `MiB`.
    pub unit: String,
    /// In which round, from 1.
    pub round: u32,
    /// Whether something else disturbed it.
    pub noisy: bool,
}

/// Where and how all of it was measured.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Machine {
    /// The processor's name.
    pub cpu: String,
    /// How many of them the system has.
    pub cores: usize,
    /// The kernel's release.
    pub kernel: String,
    /// The compiler's version.
    pub rustc: String,
    /// When, in UTC.
    pub date: String,
    /// The command line.
    pub flags: String,
}
