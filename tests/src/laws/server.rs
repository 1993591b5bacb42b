//! Requests: nothing breaks a server's machine, and cuts never matter to it.

use counterpart::proto::h1::Limits;

use super::pieces::{Pieces, assert_cuts_never_matter, low};
use crate::h1::play;

/// The first byte chooses limits and answers; the rest is what a client sends.
///
/// # Panics
/// If the machine says something else when the bytes are cut elsewhere.
pub fn server(data: &[u8]) {
    let mut pieces = Pieces(data);
    let choice = pieces.byte();
    let limits = Limits::server();
    let limits = if choice & 1 == 1 { low(limits) } else { limits };
    let answers = ANSWERS[usize::from(choice >> 1) % ANSWERS.len()].map(str::to_owned);
    let bytes = [pieces.0.to_vec()];
    assert_cuts_never_matter(&bytes[0], |cuts| {
        play::requests(limits.clone(), &answers, &bytes, cuts)
    });
}

/// What a server answers, one after the other.
const ANSWERS: [[&str; 2]; 4] = [
    ["200", "404 early"],
    ["413 early", "200 + connection: close"],
    ["101 + connection: upgrade + upgrade: echo", "204"],
    ["200 + content-length: 5", "304 early"],
];
