//! Every case of `tests/h1`, whole, byte by byte and at random cuts: the same events each time.

use std::collections::HashSet;

use counterpart::proto::h1::Limits;
use counterpart_tests::h1::document::{Case, Document};
use counterpart_tests::h1::play::{self, Cuts};
use counterpart_tests::h1::seed::Seed;

#[test]
fn requests() {
    for document in Document::all("requests") {
        document.hold(|case| {
            all_cuts(case, |ours, parts, cuts| play::requests(Limits::server(), ours, parts, cuts))
        });
    }
}

#[test]
fn responses() {
    for document in Document::all("responses") {
        document.hold(|case| {
            all_cuts(case, |ours, parts, cuts| play::responses(Limits::client(), ours, parts, cuts))
        });
    }
}

#[test]
fn there_are_enough_cases() {
    for (folder, least) in [("requests", 330), ("responses", 180)] {
        let mut count = 0;
        for Document { cases, .. } in Document::all(folder) {
            let titles: HashSet<_> = cases.iter().map(|case| &case.title).collect();
            assert_eq!(titles.len(), cases.len(), "titles are unique in a document");
            count += cases.len();
        }
        assert!(count >= least, "{count} cases of {folder}");
    }
}

/// Plays a case in every way, and gives the events of the whole.
fn all_cuts(case: &Case, play: impl Fn(&[String], &[Vec<u8>], Cuts<'_>) -> String) -> String {
    let title = &case.title;
    let play = |cuts: Cuts<'_>| play(&case.ours, &case.parts, cuts);
    let whole = play(&mut |_| Vec::new());
    assert_eq!(play(&mut |len| (1..len).collect()), whole, "byte by byte: {title}");
    let mut seed = Seed::new(case.parts.iter().map(Vec::len).sum::<usize>() as u64);
    for round in 1..=RANDOM_ROUNDS {
        let cut = play(&mut |len| {
            let mut cuts: Vec<_> = (0..=seed.below(5)).map(|_| seed.below(len.max(1))).collect();
            cuts.sort_unstable();
            cuts
        });
        assert_eq!(cut, whole, "random cuts, round {round}: {title}");
    }
    whole
}

const RANDOM_ROUNDS: usize = 100;
