//! Cases as documents: `tests/files/README.md` tells the notation.

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::{env, fs};

use counterpart::files::{Files, Hidden, Symlinks};
use counterpart::http::{HeaderName, HeaderValue};

use super::folder::Folder;

/// A document: a folder, a service, cases.
pub(super) struct Document {
    path: PathBuf,
    text: String,
    /// What is served, kept until the cases were played.
    pub(super) folder: Folder,
    pub(super) files: Files,
    pub(super) cases: Vec<Case>,
}

/// One request and its answer.
pub(super) struct Case {
    pub(super) title: String,
    pub(super) request: String,
    pub(super) answer: String,
}

impl Document {
    /// All of them, by name.
    pub(super) fn all() -> Vec<Self> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("files");
        let paths = fs::read_dir(folder).unwrap().map(|file| file.unwrap().path());
        let is_document = |path: &PathBuf| {
            path.extension().is_some_and(|end| end == "md") && !path.ends_with("README.md")
        };
        let mut paths: Vec<_> = paths.filter(is_document).collect();
        paths.sort();
        paths.into_iter().map(Self::read).collect()
    }

    fn read(path: PathBuf) -> Self {
        let text = fs::read_to_string(&path).unwrap();
        let (head, _) = text.split_once("\n## ").unwrap_or((&text, ""));
        let folder = Folder::of(block(head, "tree").unwrap_or_default());
        let files = Files::new(folder.root()).unwrap();
        let files = block(head, "told").unwrap_or_default().lines().fold(files, tell);
        let cases = text.split("\n## ").skip(1).map(Case::read).collect();
        Self { path, text, folder, files, cases }
    }

    /// Compares what came with what stands there; with `BLESS=1` it is written there instead.
    pub(super) fn hold(&self, came: &[String]) {
        let (mut text, mut faults) = (self.text.clone(), String::new());
        for (case, came) in self.cases.iter().zip(came).filter(|(case, came)| case.answer != **came)
        {
            writeln!(faults, "## {}\n--- wanted\n{}\n--- came\n{came}", case.title, case.answer)
                .unwrap();
            let at = text.find(&format!("\n## {}\n", case.title)).unwrap();
            let begin =
                at + text[at..].find(ANSWER).expect("each case has an answer") + ANSWER.len();
            let end = begin + text[begin..].find("```").unwrap();
            text.replace_range(begin..end, &format!("{came}\n"));
        }
        if env::var_os("BLESS").is_some() {
            fs::write(&self.path, text).unwrap();
        } else {
            assert!(faults.is_empty(), "{}:\n{faults}", self.path.display());
        }
    }
}

impl Case {
    fn read(text: &str) -> Self {
        let (title, _) = text.split_once('\n').expect("a heading");
        let answer = block(text, "answer").unwrap_or_else(|| panic!("`{title}` has no answer"));
        let request = block(text, "request").unwrap_or_else(|| panic!("`{title}` has no request"));
        Self { title: title.into(), request: request.into(), answer: answer.into() }
    }
}

/// What stands in the first block of this kind.
fn block<'t>(text: &'t str, kind: &str) -> Option<&'t str> {
    let (_, block) = text.split_once(&format!("```{kind}\n"))?;
    let (block, _) = block.split_once("```")?;
    Some(block.strip_suffix('\n').unwrap_or(block))
}

fn tell(files: Files, line: &str) -> Files {
    let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
    match word {
        "listing" => files.listing(true),
        "hidden" => files.hidden(Hidden::Serve),
        "symlinks" if rest == "deny" => files.symlinks(Symlinks::Deny),
        "symlinks" => files.symlinks(Symlinks::Follow),
        "precompressed" => files.precompressed(true),
        "spa" => files.spa(rest),
        "index" => files.index_files(rest.split(' ').filter(|name| !name.is_empty())),
        "cache" => files.cache_control(rest),
        "default" => files.default_content_type(rest),
        "type" => {
            let (end, kind) = rest.split_once(' ').unwrap();
            files.content_type(end, kind)
        }
        "field" => {
            let (name, value) = rest.split_once(": ").unwrap();
            let name = HeaderName::from_bytes(name.as_bytes()).unwrap();
            files.header(name, HeaderValue::from_str(value).unwrap())
        }
        _ => panic!("a service cannot be told `{line}`"),
    }
}

const ANSWER: &str = "```answer\n";
