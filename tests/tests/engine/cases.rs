//! Every case of `tests/h1`, whole, byte by byte and at random cuts: the same events each time.

use super::document::{Case, Document};
use super::play;
use super::seed::Seed;

#[test]
fn requests() {
    for name in ["requests", "request-bodies", "chunks", "hosts", "limits"] {
        Document::read(name).hold(|case| all_cuts(case, play::requests));
    }
}

#[test]
fn responses() {
    for name in ["responses", "response-bodies"] {
        Document::read(name).hold(|case| all_cuts(case, |bytes, cuts| play::responses(&case.requests, bytes, cuts)));
    }
}

#[test]
fn there_are_enough_cases() {
    let count = |names: &[&str]| names.iter().map(|name| Document::read(name).cases.len()).sum::<usize>();
    assert!(count(&["requests", "request-bodies", "chunks", "hosts", "limits"]) >= 120);
    assert!(count(&["responses", "response-bodies"]) >= 60);
}

/// Plays a case in every way, and gives the events of the whole.
fn all_cuts(case: &Case, play: impl Fn(&[u8], &[usize]) -> String) -> String {
    let whole = play(&case.bytes, &[]);
    let len = case.bytes.len();
    let every: Vec<usize> = (1..len).collect();
    assert_eq!(play(&case.bytes, &every), whole, "byte by byte: {}", case.title);
    let mut seed = Seed::new(len as u64);
    for _ in 0..20 {
        let mut cuts: Vec<usize> = (0..=seed.below(4)).map(|_| seed.below(len.max(1))).collect();
        cuts.sort_unstable();
        assert_eq!(play(&case.bytes, &cuts), whole, "cut at {cuts:?}: {}", case.title);
    }
    whole
}
