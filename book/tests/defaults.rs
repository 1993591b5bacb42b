//! The page of defaults says what the defaults are: each field of each struct, and its value.

#![allow(clippy::unwrap_used, reason = "a test")]

use std::collections::BTreeMap;
use std::fmt::Debug;

use counterpart::client::{Pooling, Timeouts};
use counterpart::proto::h1::Limits;
use counterpart::server::Config;

const PAGE: &str = include_str!("../../framework/docs/defaults.md");

/// The fields of a struct as `Debug` tells them, those of structs within left out.
fn fields(value: &impl Debug) -> BTreeMap<String, String> {
    let text = format!("{value:#?}");
    let own = text.lines().filter_map(|line| line.strip_prefix("    "));
    let pairs = own.filter(|line| !line.starts_with([' ', '}', ']', ')']));
    let pairs = pairs.filter_map(|line| line.trim_end_matches(',').split_once(": "));
    pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}

/// The rows of all tables whose head begins with this word: the first column and those behind it.
fn rows(of: &str) -> BTreeMap<String, Vec<String>> {
    let mut rows = BTreeMap::new();
    let mut inside = false;
    for line in PAGE.lines() {
        let cells: Vec<String> =
            line.trim_matches('|').split('|').map(|cell| cell.trim().replace('`', "")).collect();
        match (line.starts_with('|'), cells[0].as_str()) {
            (false, _) => inside = false,
            (true, first) if line.starts_with("| `") && first == of => inside = true,
            (true, first) if inside && !first.starts_with("---") => {
                rows.insert(first.to_owned(), cells[1..].to_vec());
            }
            _ => {}
        }
    }
    assert!(!rows.is_empty(), "no table of {of}");
    rows
}

/// A value as the page writes it, as `Debug` does: `10 s` is `10s`, `32 KiB` is `32768`.
fn plain(written: &str) -> String {
    let words: Vec<&str> = written.split(' ').collect();
    match words[..] {
        [number, "KiB"] => (number.parse::<u64>().unwrap() * 1024).to_string(),
        [number, "MiB"] => (number.parse::<u64>().unwrap() * 1024 * 1024).to_string(),
        [number, "bytes" | "B/s"] => number.to_owned(),
        [number, "h"] => format!("{}s", number.parse::<u64>().unwrap() * 3600),
        [number, "s"] => format!("{number}s"),
        ["no", "limit"] => u64::MAX.to_string(),
        _ => written.to_owned(),
    }
}

/// Whether a value, as `Debug` shows it, is what the page says.
fn is(shown: &str, written: &str) -> bool {
    match written {
        "none" => matches!(shown, "None" | "0ns"),
        "all" => shown == "[]",
        "nothing" => shown == "Lenience {",
        _ => shown == plain(written),
    }
}

fn compare(of: &str, value: &impl Debug, column: usize) {
    let (fields, rows) = (fields(value), rows(of));
    for (name, shown) in &fields {
        if shown == "Limits {" {
            continue;
        }
        let row = rows.get(name).unwrap_or_else(|| panic!("{of}.{name} is not on the page"));
        assert!(is(shown, &row[column]), "{of}.{name} is {shown}, the page says {}", row[column]);
    }
    for name in rows.keys() {
        assert!(fields.contains_key(name), "the page knows {of}.{name}, the code does not");
    }
}

#[test]
fn the_page_says_what_the_defaults_are() {
    compare("Limits", &Limits::server(), 0);
    compare("Limits", &Limits::client(), 1);
    compare("Config", &Config::default(), 0);
    compare("Timeouts", &Timeouts::default(), 0);
    compare("Pooling", &Pooling::default(), 0);
}
