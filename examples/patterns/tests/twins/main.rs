//! Each program beside its twin in Python: asked the same, and asking the same.
//!
//! Where there is no `python3` the twins are left out, and loudly; never in CI.

#![allow(clippy::unwrap_used, reason = "a test")]

mod clients;
mod https;
mod peer;
mod programs;
mod servers;
