//! The plots in the book are those of the run that is kept in `benches/results`.
//!
//! `BLESS=1` copies them.

#![allow(clippy::unwrap_used, reason = "a test")]

use std::fs;
use std::path::Path;

const CHAPTER: &str = "src/18-why-it-is-fast.md";

#[test]
fn plots_are_of_the_run_that_is_kept() {
    let book = Path::new(env!("CARGO_MANIFEST_DIR"));
    let text = fs::read_to_string(book.join(CHAPTER)).unwrap();
    let plots: Vec<&str> =
        text.split("](plots/").skip(1).map(|rest| rest.split(')').next().unwrap()).collect();
    assert!(plots.len() > 5, "{plots:?}");
    for plot in plots {
        let (kept, shown) =
            (book.join("../benches/results").join(plot), book.join("src/plots").join(plot));
        let kept = fs::read(&kept).unwrap_or_else(|error| panic!("{}: {error}", kept.display()));
        if std::env::var_os("BLESS").is_some() {
            fs::write(&shown, &kept).unwrap();
        }
        assert!(fs::read(&shown).unwrap_or_default() == kept, "{plot} is of another run: BLESS=1");
    }
}
