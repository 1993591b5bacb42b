//! Every promise about HTTP/1.1 is held by something that is named after it.
//!
//! C1–C65 and S1–S57 are what Python's `http.client` and `http.server` do, row by row; T01–T86 and C01–C11 are what a
//! server and a client must bear. A row is held by a case of `tests/h1` or `tests/files` (at the end of its heading), by
//! a test (in the line above it: `/// C22, C23: misuse does not compile.`), by a case of `tests/ui` (in its first line),
//! and what must be borne by a case of `tests/faults` as well (`@case("T01", …)`).

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// What is not there yet, and with which subject it comes.
const LATER: [(&str, &str); 5] = [
    ("T40 T41 T42 T43 T44 T45 T46 T47 T48 T49", "HTTP/2"),
    ("T53 T54", "event streams"),
    ("T61 T62 T63 T64", "WebSocket"),
    ("T65", "multipart"),
    ("T68", "a description that others test by"),
];

/// What Counterpart does not do, and why.
const NOT_PORTED: [(&str, &str); 2] = [
    ("C65", "audit events are Python's own; what remains of the row is the layers of S57"),
    ("S55", "CGI left Python too"),
];

#[test]
fn every_promise_is_held() {
    let held = held();
    let missing: Vec<_> = promises().filter(|id| !held.contains_key(id)).collect();
    assert!(missing.is_empty(), "nothing is named after {}", missing.join(", "));
}

#[test]
fn only_promises_are_named() {
    let known: BTreeSet<_> = promises().chain(listed(&LATER)).chain(listed(&NOT_PORTED)).collect();
    let unknown: Vec<_> = held()
        .into_iter()
        .filter(|(id, _)| !known.contains(id))
        .map(|(id, places)| format!("{id} in {}", places.join(", ")))
        .collect();
    assert!(unknown.is_empty(), "nobody promised {}", unknown.join("; "));
}

/// All that must be held.
fn promises() -> impl Iterator<Item = String> {
    let rows = (1..=65).map(|row| format!("C{row}")).chain((1..=57).map(|row| format!("S{row}")));
    let borne = (1..=86).map(|case| format!("T{case:02}"));
    // C10 and C11 are rows; of what a client must bear they are no cases of this kind.
    let borne = borne.chain((1..=9).map(|case| format!("C{case:02}")));
    let others: BTreeSet<_> = listed(&LATER).chain(listed(&NOT_PORTED)).collect();
    rows.chain(borne).filter(move |id| !others.contains(id))
}

fn listed<const N: usize>(
    list: &'static [(&'static str, &'static str); N],
) -> impl Iterator<Item = String> {
    list.iter().flat_map(|(ids, _)| ids.split(' ')).map(str::to_owned)
}

/// All ids that something is named after, and where.
fn held() -> BTreeMap<String, Vec<String>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("the tests are a folder of the workspace");
    let mut held: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for folder in ["tests", "framework", "macros", "examples"] {
        for path in files(&root.join(folder)) {
            let Ok(text) = fs::read_to_string(&path) else { continue };
            for id in named(root, &path, &text) {
                held.entry(id)
                    .or_default()
                    .push(path.strip_prefix(root).unwrap_or(&path).display().to_string());
            }
        }
    }
    held
}

/// The ids that a file names, by what kind of file it is.
fn named(root: &Path, path: &Path, text: &str) -> Vec<String> {
    let below = |folder: &str| path.starts_with(root.join(folder));
    match path.extension().and_then(|extension| extension.to_str()) {
        Some("md") if below("tests/h1") || below("tests/files") => {
            text.lines().filter_map(heading).flatten().collect()
        }
        Some("py") if below("tests/faults") => text.lines().filter_map(case).collect(),
        Some("rs") if below("tests/ui") => {
            text.lines().take(1).filter_map(comment).flatten().collect()
        }
        Some("rs") => above_functions(text),
        _ => Vec::new(),
    }
}

/// `## A coding beats a length · C47`
fn heading(line: &str) -> Option<Vec<String>> {
    let (_, ids) = line.strip_prefix("## ")?.rsplit_once(" · ")?;
    Some(ids.split(", ").map(str::to_owned).collect())
}

/// `@case("T01", …)`
fn case(line: &str) -> Option<String> {
    let rest = line.trim().strip_prefix("@case(\"")?;
    rest.split('"').next().map(str::to_owned)
}

/// `/// C22, C23: misuse does not compile.`
fn comment(line: &str) -> Option<Vec<String>> {
    let line = line.trim_start().trim_start_matches('/').trim_start_matches('!').trim_start();
    let (ids, _) = line.split_once(": ")?;
    let ids: Vec<_> = ids.split(", ").map(str::to_owned).collect();
    ids.iter().all(|id| is_id(id)).then_some(ids)
}

fn is_id(text: &str) -> bool {
    let mut chars = text.chars();
    matches!(chars.next(), Some('C' | 'S' | 'T'))
        && matches!(text.len(), 2 | 3)
        && chars.all(|digit| digit.is_ascii_digit())
}

/// The ids in doc comments below which, but for attributes, a function stands.
fn above_functions(text: &str) -> Vec<String> {
    let (mut ids, mut pending) = (Vec::new(), Vec::new());
    for line in text.lines().map(str::trim_start) {
        if line.starts_with("///") {
            pending.extend(comment(line).unwrap_or_default());
        } else if line.starts_with("fn ") || line.starts_with("async fn ") {
            ids.append(&mut pending);
        } else if !line.starts_with("#[") {
            pending.clear();
        }
    }
    ids
}

/// All files below a folder but what was built there.
fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok);
    let paths = entries.map(|entry| entry.path()).filter(|path| !path.ends_with("target"));
    paths.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}
