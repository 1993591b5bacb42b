//! What the programs share: flags and words on the command line, and transcripts that tests replay.

pub mod flags;
pub mod transcript;
pub mod words;
