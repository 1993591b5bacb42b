//! Cases of the HTTP/1.1 machine: `tests/h1`, read and played.
//!
//! Read in this order: `document` (cases as documents), `play` and `partner` (one case against the machine).

pub mod document;
mod partner;
pub mod play;
pub mod seed;
