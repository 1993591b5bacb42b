//! Content too large for the memory, both ways: `cargo run --bin transfers -- --folder kept`, `cargo run --bin fetch`.

#![allow(missing_docs, reason = "two programs, whose modules are their own")]

pub mod download;
pub mod uploads;
