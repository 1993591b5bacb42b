//! What the programs share: flags on the command line, and transcripts that tests replay.

pub mod flags;
pub mod transcript;
