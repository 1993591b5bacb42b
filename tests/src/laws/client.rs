//! Responses: nothing breaks a client's machine, and cuts never matter to it.

use counterpart::proto::h1::Limits;

use super::pieces::{Pieces, assert_cuts_never_matter, low};
use crate::h1::play;

/// The first byte chooses limits and what was asked; the rest is what a server sends.
///
/// # Panics
/// If the machine says something else when the bytes are cut elsewhere.
pub fn client(data: &[u8]) {
    let mut pieces = Pieces(data);
    let choice = pieces.byte();
    let limits = Limits::client();
    let limits = if choice & 1 == 1 { low(limits) } else { limits };
    let asked = [ASKED[usize::from(choice >> 1) % ASKED.len()].to_owned()];
    let bytes = [pieces.0.to_vec()];
    assert_cuts_never_matter(&bytes[0], |cuts| {
        play::responses(limits.clone(), &asked, &bytes, cuts)
    });
}

/// What a client asks.
const ASKED: [&str; 4] =
    ["GET /", "HEAD /", "GET / + connection: upgrade + upgrade: x", "CONNECT a:1"];
