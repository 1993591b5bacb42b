//! Cases as documents: a Markdown file holds cases, each a heading, the bytes that travel, and the events
//! they must give.
//!
//! ````text
//! ## A heading
//!
//! ```http
//! GET / HTTP/1.1\r\n
//! Host: a\r\n
//! \r\n
//! ```
//!
//! ```events
//! head GET / HTTP/1.1
//! ```
//! ````
//!
//! The notation is told in `tests/h1/README.md`.

use std::fmt::Write as _;
use std::path::PathBuf;
use std::{env, fs};

/// One case of a document.
#[derive(Debug)]
pub struct Case {
    /// Its heading.
    pub title: String,
    /// What our side says, line by line: the requests of a client, the answers of a server.
    pub ours: Vec<String>,
    /// What the other side says, answer by answer.
    pub parts: Vec<Vec<u8>>,
    /// What must come of it.
    pub events: String,
}

/// A document, and where it stands.
#[derive(Debug)]
pub struct Document {
    path: PathBuf,
    text: String,
    /// What is in it.
    pub cases: Vec<Case>,
}

impl Document {
    /// Reads all of `tests/h1/<folder>`, in the order of their names.
    pub fn all(folder: &str) -> Vec<Self> {
        let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("h1").join(folder);
        let files = fs::read_dir(&folder).expect("the folder of documents can be read");
        let mut paths: Vec<_> = files.map(|file| file.expect("a file").path()).collect();
        paths.sort();
        paths.into_iter().map(Self::read).collect()
    }

    fn read(path: PathBuf) -> Self {
        let text = fs::read_to_string(&path).expect("a document is text");
        let cases = text.split("\n## ").skip(1).map(case).collect();
        Self { path, text, cases }
    }

    /// Compares what came with what stands there; with `BLESS=1` it is written there instead.
    pub fn hold(&self, mut play: impl FnMut(&Case) -> String) {
        let (mut text, mut faults) = (self.text.clone(), String::new());
        for case in &self.cases {
            let came = play(case);
            if came == case.events {
                continue;
            }
            let _ = writeln!(
                faults,
                "## {}\n--- wanted\n{}\n--- came\n{came}\n",
                case.title, case.events
            );
            let at = text.find(&format!("\n## {}\n", case.title)).expect("the case was read here");
            let events = at + text[at..].find(EVENTS).expect("each case has events") + EVENTS.len();
            let end = events + case.events.len();
            // A fence stands on a line of its own.
            let gap = if text[end..].starts_with('\n') { "" } else { "\n" };
            text.replace_range(events..end, &(came + gap));
        }
        if env::var_os("BLESS").is_some() {
            fs::write(&self.path, text).expect("the document can be written");
            return;
        }
        assert!(faults.is_empty(), "{}\n{faults}", self.path.display());
    }
}

fn case(text: &str) -> Case {
    let title = text.lines().next().unwrap_or_default().to_owned();
    let http: Vec<_> = fences(text, "http")
        .map(|block| bytes(block).unwrap_or_else(|| panic!("{title}: the bytes cannot be read")))
        .collect();
    assert!(!http.is_empty(), "{title}: no http block");
    let ours = fences(text, "request").chain(fences(text, "answer"));
    Case {
        ours: ours.flat_map(str::lines).map(str::to_owned).collect(),
        parts: http,
        events: fences(text, "events").next().expect("an events block").to_owned(),
        title,
    }
}

/// The blocks of one kind.
fn fences<'a>(text: &'a str, kind: &str) -> impl Iterator<Item = &'a str> {
    let start = format!("```{kind}\n");
    text.match_indices(&start)
        .map(|(at, start)| at + start.len())
        .collect::<Vec<_>>()
        .into_iter()
        .map(|at| {
            let end = text[at..].find("```").expect("a block has an end");
            text[at..at + end].trim_end_matches('\n')
        })
}

/// The bytes that a block stands for.
fn bytes(block: &str) -> Option<Vec<u8>> {
    let text: String = block.lines().collect();
    let (mut out, mut rest) = (Vec::new(), text.as_str());
    while let Some(next) = rest.chars().next() {
        if next != '\\' {
            out.extend_from_slice(&rest.as_bytes()[..next.len_utf8()]);
            rest = &rest[next.len_utf8()..];
            continue;
        }
        let (escape, after) = (*rest.as_bytes().get(1)?, rest.get(2..)?);
        rest = after;
        match escape {
            b'r' => out.push(b'\r'),
            b'n' => out.push(b'\n'),
            b't' => out.push(b'\t'),
            b'0' => out.push(0),
            b'\\' => out.push(b'\\'),
            b'x' => {
                out.push(u8::from_str_radix(rest.get(..2)?, 16).ok()?);
                rest = &rest[2..];
            }
            b'{' => {
                let end = rest.find('}')?;
                let (piece, times) = rest[..end].rsplit_once('*')?;
                out.extend(bytes(piece)?.repeat(times.parse().ok()?));
                rest = &rest[end + 1..];
            }
            _ => return None,
        }
    }
    Some(out)
}

const EVENTS: &str = "```events\n";

#[test]
fn blocks_stand_for_bytes() {
    assert_eq!(bytes("a\\r\\n\nb"), Some(b"a\r\nb".to_vec()));
    assert_eq!(bytes("\\x00\\0\\\\"), Some(b"\0\0\\".to_vec()));
    assert_eq!(bytes("\\{ab*3}c"), Some(b"abababc".to_vec()));
    assert_eq!(bytes("\\{a\\r\\n*2}"), Some(b"a\r\na\r\n".to_vec()));
    assert_eq!(bytes("\\q"), None);
}
