//! No lying line: what the book includes is there, and what there is to include is in the book.

#![allow(clippy::unwrap_used, reason = "a test")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// An `{{#include path}}` or `{{#rustdoc_include path:anchor}}`, with its place.
struct Include {
    place: String,
    file: PathBuf,
    anchor: Option<String>,
}

fn book() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn examples() -> PathBuf {
    book().join("../examples")
}

/// Programs that are shown whole, each beside its twin.
fn patterns() -> PathBuf {
    examples().join("patterns/src")
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The chapters by file name, with their text.
fn chapters() -> BTreeMap<String, String> {
    let files = fs::read_dir(book().join("src")).unwrap().map(|entry| entry.unwrap().path());
    let name = |path: &Path| path.file_name().unwrap().to_str().unwrap().to_owned();
    let texts = files.filter(|path| path.extension().is_some_and(|ending| ending == "md"));
    texts.map(|path| (name(&path), read(&path))).filter(|(name, _)| name != "SUMMARY.md").collect()
}

fn includes() -> Vec<Include> {
    let mut found = Vec::new();
    for (chapter, text) in chapters() {
        for (number, line) in text.lines().enumerate() {
            let Some((_, rest)) = line.split_once("{{#") else { continue };
            let place = format!("{chapter}:{}", number + 1);
            let words = rest.split_once("}}").unwrap_or_else(|| panic!("{place}: no end")).0;
            let (_, target) = words.split_once(' ').unwrap_or_else(|| panic!("{place}: no path"));
            let (path, anchor) = match target.split_once(':') {
                Some((path, anchor)) => (path, Some(anchor.to_owned())),
                None => (target, None),
            };
            let file = book().join("src").join(path);
            found.push(Include { place, file, anchor });
        }
    }
    found
}

/// The anchors that are opened and closed in a source.
fn anchors(source: &str) -> BTreeSet<String> {
    let of = |word: &str| -> BTreeSet<String> {
        let names = source.lines().filter_map(|line| line.trim().strip_prefix(word));
        names.map(|name| name.trim().to_owned()).collect()
    };
    let opened = of("// ANCHOR:");
    assert_eq!(opened, of("// ANCHOR_END:"), "each anchor is opened and closed");
    opened
}

/// All files below a folder that end in this.
fn files(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
        let path = entry.path();
        if path.is_dir() {
            found.extend(files(&path, ending));
        } else if path.to_str().unwrap().ends_with(ending) {
            found.push(path.canonicalize().unwrap());
        }
    }
    found
}

#[test]
fn what_is_included_exists() {
    for Include { place, file, anchor } in includes() {
        assert!(file.is_file(), "{place}: there is no file {}", file.display());
        if let Some(anchor) = anchor {
            assert!(anchors(&read(&file)).contains(&anchor), "{place}: no anchor `{anchor}`");
        }
    }
}

#[test]
fn every_anchor_and_every_transcript_is_used() {
    let used: BTreeSet<_> = includes()
        .into_iter()
        .filter_map(|include| Some((include.file.canonicalize().ok()?, include.anchor)))
        .collect();
    for file in files(&examples(), ".rs") {
        for anchor in anchors(&read(&file)) {
            let there = used.contains(&(file.clone(), Some(anchor.clone())));
            assert!(there, "nobody includes `{anchor}` of {}", file.display());
        }
    }
    for file in files(&examples(), ".http").into_iter().chain(files(&patterns(), ".rs")) {
        assert!(used.contains(&(file.clone(), None)), "nobody includes {}", file.display());
    }
}

#[test]
fn every_transcript_is_replayed() {
    for file in files(&examples(), ".http") {
        let name = file.file_name().unwrap().to_str().unwrap();
        let program = file.parent().unwrap();
        let replayed = files(program, ".rs").iter().any(|source| read(source).contains(name));
        assert!(replayed, "no test replays {}", file.display());
    }
}

#[test]
fn every_chapter_is_listed_and_tested() {
    let (summary, library) = (read(&book().join("src/SUMMARY.md")), read(&book().join("lib.rs")));
    for chapter in chapters().keys() {
        assert!(summary.contains(&format!("({chapter})")), "{chapter} is not in SUMMARY.md");
        assert!(library.contains(&format!("src/{chapter}\"")), "{chapter} is not in lib.rs");
    }
}

#[test]
fn every_chapter_is_short_and_begins_with_code() {
    for (chapter, text) in chapters() {
        assert!(text.lines().count() <= 300, "{chapter} is too long");
        let code = text.lines().position(|line| line.starts_with("```rust"));
        assert!(code.is_some_and(|line| line < 10), "{chapter}: no code in the first ten lines");
        for part in ["## What you learned", "## Try", "## Next"] {
            assert!(text.contains(part), "{chapter} has no `{part}`");
        }
        for (number, line) in text.lines().enumerate() {
            // A row of a table cannot be broken.
            let is_narrow = line.starts_with('|') || line.chars().count() <= 100;
            assert!(is_narrow, "{chapter}:{}: over 100 columns", number + 1);
        }
    }
}

#[test]
fn every_program_is_in_the_book() {
    let book: String = chapters().into_values().collect();
    for folder in fs::read_dir(examples()).unwrap().map(|entry| entry.unwrap().file_name()) {
        let name = folder.to_str().unwrap();
        let named = book.contains(&format!("examples/{name}/"));
        assert!(named || name == "support", "no chapter shows examples/{name}");
    }
}

#[test]
fn links_between_chapters_lead_somewhere() {
    for (chapter, text) in chapters() {
        for link in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let path = link.split('#').next().unwrap();
            let ours = !link.contains("://") && !path.is_empty();
            assert!(!ours || book().join("src").join(path).exists(), "{chapter}: {link}");
        }
    }
}
