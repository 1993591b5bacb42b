//! The engine from the outside: the HTTP/1.1 machine, its drivers, the server and the client.
//!
//! Read in this order: `document` (cases as documents, `tests/h1`), `play` and `partner` (one case
//! against the machine), `cases`, `pair` (two machines in a box), `laws` (round trips, and that cuts
//! never matter).

mod cases;
mod document;
mod laws;
mod pair;
mod partner;
mod play;
mod seed;
