//! The engine from the outside: the HTTP/1.1 machine, its drivers, the server and the client.
//!
//! Read in this order: `cases` (the documents of `tests/h1`, played), `pair` (two machines in a box), `laws` (round
//! trips, and that cuts never matter), `corpus` (what fuzzing found worth keeping), `sockets`
//! (the documents once more, over sockets).

mod cases;
mod corpus;
mod laws;
mod pair;
mod python;
mod sockets;
