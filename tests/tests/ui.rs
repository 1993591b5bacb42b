//! What must not compile, and what the compiler says then: `ui/fail/<kind of mistake>/<one fact>.rs`.
//!
//! `TRYBUILD=overwrite cargo test -p counterpart-tests --test ui` rewrites the messages; read the difference.
//! `cargo test -p counterpart-tests --test ui -- ui trybuild=error/` runs the cases whose path has these words.

#[test]
fn ui() {
    let cases = trybuild::TestCases::new();
    cases.pass("ui/pass/*.rs");
    cases.compile_fail("ui/fail/*/*.rs");
}
