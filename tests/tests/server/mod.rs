//! The server and the client over wires: in memory where time is moved by hand, over TCP where others call.

#![allow(clippy::unwrap_used, reason = "what the tests stand on fails as they do")]

mod bodies;
mod bounds;
mod calls;
mod cycles;
mod deadlines;
mod detached;
mod endings;
mod fairness;
mod files;
mod framing;
mod gone;
mod heads;
mod house;
mod meanings;
mod others;
mod patience;
mod refusals;
mod upgrades;
