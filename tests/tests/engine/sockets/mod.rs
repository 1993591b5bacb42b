//! The documents of `tests/h1` over sockets: each case on a connection of its own, against a real server or client, and
//! what comes of it compared with what the machine says of it.
//!
//! Read in this order: `served` (requests), `expected` (what a server must answer, read off the events).

mod expected;
mod served;
