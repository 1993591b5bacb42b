//! What tests share: the machine's cases as documents and how to play them, and laws that hold for any bytes.
//!
//! The laws are run with everything at hand by `cargo test`, and with whatever a fuzzer thinks of by `tests/fuzz`.

pub mod h1;
pub mod laws;
