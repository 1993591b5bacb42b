//! One connection by hand, against peers that say what a test tells them.

#![allow(clippy::unwrap_used, reason = "what the tests stand on fails as they do")]

mod answers;
mod blocking;
mod errors;
mod expectations;
mod house;
mod order;
mod requests;
mod sockets;
mod uploads;
