//! The floors of the house, as drawn in ARCHITECTURE.md, held by a test.
//!
//! Each file of `framework/src` is read as tokens (so comments and strings do not count, and tests inside the
//! files do), each `crate::…` and `super::…` path is resolved to a module of the ground plan, and an import
//! that goes up, sideways, across the wings or through the crate root is named with file, line and floors.

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

use proc_macro2::{Delimiter, TokenStream, TokenTree};

/// Which side of the house a module stands on.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Wing {
    App,
    Trunk,
    Net,
}

/// The drawing: floor, wing, and the modules of that place; each may import those behind it.
///
/// Where the drawing has no `▸` between two modules they stand in places of their own.
const PLAN: &[(u8, Wing, &[&str])] = &[
    (0, Wing::Trunk, &["proto", "text"]),
    (1, Wing::Trunk, &["upgrade", "service", "wire", "problem", "message", "body"]),
    (2, Wing::App, &["typed"]),
    (2, Wing::Net, &["tls", "io"]),
    (3, Wing::App, &["layers", "api", "route"]),
    (3, Wing::Net, &["drive"]),
    (4, Wing::App, &["app"]),
    (4, Wing::Net, &["server"]),
    (4, Wing::Net, &["client"]),
    (5, Wing::App, &["files"]),
    (5, Wing::App, &["openapi"]),
    (5, Wing::App, &["socket"]),
    (ROOF, Wing::Trunk, &["lib", "prelude", "private", "serve", "error"]),
];

const ROOF: u8 = 6;

/// What the sans-IO machines must not name: they are told the time and handed the bytes.
const FOREIGN_TO_PROTO: &[&str] = &[
    "tokio",
    "socket2",
    "httpdate",
    "std::io",
    "std::net",
    "std::time",
    "core::net",
    "core::time",
    "std::thread",
];

#[test]
fn the_floors_hold() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../framework/src");
    let mut faults = Vec::new();
    for file in sources(&root) {
        let source = fs::read_to_string(&file).expect("a source that can be read");
        let name = file.strip_prefix(&root).expect("a file below the root").display().to_string();
        faults.extend(check(&name, &source));
    }
    assert!(
        faults.is_empty(),
        "the ground plan is broken:\n{}",
        faults.iter().map(|fault| format!("  framework/src/{fault}\n")).collect::<String>()
    );
}

/// One import that the drawing does not allow, or one name a machine must not know.
#[derive(Debug, PartialEq)]
struct Fault {
    file: String,
    line: usize,
    text: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.file, self.line, self.text)
    }
}

/// All that is wrong in one file, whose name is relative to the source folder.
fn check(file: &str, source: &str) -> Vec<Fault> {
    let fault = |line, text: String| Fault { file: file.to_owned(), line, text };
    let stream: TokenStream = match source.parse() {
        Ok(stream) => stream,
        Err(error) => return vec![fault(error.span().start().line, error.to_string())],
    };
    let module = module_of(file);
    let home = module.first().map_or("lib", String::as_str);
    let Some(place) = place_of(home) else {
        return vec![fault(1, format!("`{home}` does not stand on the ground plan"))];
    };
    let mut paths = Vec::new();
    collect(&flatten(stream), &module, &mut paths);

    let mut faults = Vec::new();
    for path in paths {
        let said = path.names.join("::");
        if home == "proto"
            && let Some(name) = FOREIGN_TO_PROTO.iter().find(|name| begins(&said, name))
        {
            faults.push(fault(path.line, format!("`proto` must not know `{name}`")));
        }
        if path.ours
            && let Err(why) = may_import(home, place, path.names.first().map_or("", String::as_str))
        {
            faults.push(fault(path.line, format!("`crate::{said}`: {why}")));
        }
    }
    faults.dedup();
    faults
}

/// Whether a module may import another, by the drawing alone.
fn may_import(home: &str, from: Place, target: &str) -> Result<(), String> {
    if target == home {
        return Ok(());
    }
    let Some(to) = place_of(target).filter(|_| target != "lib") else {
        return Err("import from the module that owns the name, not through the crate root".into());
    };
    let both = format!(
        "{home} stands on floor {}, {target} on floor {}",
        floor_name(from.floor),
        floor_name(to.floor)
    );
    if to.floor > from.floor {
        return Err(format!("an import upwards: {both}"));
    }
    if from.wing != to.wing && from.wing != Wing::Trunk && to.wing != Wing::Trunk {
        return Err(format!("an import across the wings: {both}"));
    }
    if to.floor == from.floor && (to.column != from.column || to.order < from.order) {
        return Err(format!("an import sideways against `▸`: {both}"));
    }
    Ok(())
}

/// Where a module stands in the drawing.
#[derive(Clone, Copy)]
struct Place {
    floor: u8,
    wing: Wing,
    column: usize,
    order: usize,
}

fn place_of(module: &str) -> Option<Place> {
    PLAN.iter().enumerate().find_map(|(column, &(floor, wing, modules))| {
        let order = modules.iter().position(|&name| name == module)?;
        Some(Place { floor, wing, column, order })
    })
}

fn floor_name(floor: u8) -> String {
    if floor == ROOF { "roof".into() } else { floor.to_string() }
}

/// `typed/json.rs` is the module `typed::json`; `lib.rs` is the root.
fn module_of(file: &str) -> Vec<String> {
    let stem = file.strip_suffix(".rs").unwrap_or(file);
    let mut names: Vec<_> = stem.split(['/', '\\']).map(str::to_owned).collect();
    names.pop_if(|last| last == "mod" || (last == "lib" && stem == "lib"));
    names
}

/// Whether `path` is `prefix` or goes on below it.
fn begins(path: &str, prefix: &str) -> bool {
    path.strip_prefix(prefix).is_some_and(|rest| rest.is_empty() || rest.starts_with("::"))
}

/// One token, groups opened up.
struct Token {
    text: String,
    line: usize,
}

fn flatten(stream: TokenStream) -> Vec<Token> {
    fn walk(stream: TokenStream, out: &mut Vec<Token>) {
        for tree in stream {
            let line = tree.span().start().line;
            match tree {
                TokenTree::Group(group) => {
                    let (open, close) = match group.delimiter() {
                        Delimiter::Brace => ("{", "}"),
                        Delimiter::Bracket => ("[", "]"),
                        Delimiter::Parenthesis => ("(", ")"),
                        Delimiter::None => ("", ""),
                    };
                    out.push(Token { text: open.into(), line });
                    walk(group.stream(), out);
                    let line = group.span_close().start().line;
                    out.push(Token { text: close.into(), line });
                }
                TokenTree::Literal(_) => out.push(Token { text: "\"\"".into(), line }),
                other => out.push(Token { text: other.to_string(), line }),
            }
        }
    }
    let mut out = Vec::new();
    walk(stream, &mut out);
    out
}

/// A path that was named, written from the crate root (`ours`) or from another crate's.
struct Named {
    ours: bool,
    names: Vec<String>,
    line: usize,
}

/// Finds each path of the file; `module` grows and shrinks with the inline modules.
fn collect(tokens: &[Token], file: &[String], out: &mut Vec<Named>) {
    let text = |at: usize| tokens.get(at).map_or("", |token| token.text.as_str());
    let mut module = file.to_vec();
    // The depth of braces at which each inline module ends.
    let (mut depth, mut ends) = (0, Vec::new());
    let mut at = 0;
    while at < tokens.len() {
        match text(at) {
            "mod" if text(at + 2) == "{" => {
                module.push(text(at + 1).to_owned());
                ends.push(depth);
                depth += 1;
                at += 3;
                continue;
            }
            "{" => depth += 1,
            "}" => {
                depth -= 1;
                if ends.last() == Some(&depth) {
                    ends.pop();
                    module.pop();
                }
            }
            // A macro's `$crate::` is read where the macro is used; `pub(in crate::…)` imports nothing.
            "crate" | "super" | "self" | "std" | "core" | "tokio" | "socket2" | "httpdate"
            | "counterpart"
                if !matches!(before(tokens, at), "$" | "(in" | "::" | ".") =>
            {
                let first = text(at).to_owned();
                let mut leaves = Vec::new();
                at = tree(tokens, at, Vec::new(), &mut leaves);
                for (names, line) in leaves {
                    out.extend(resolve(&first, &names, &module, line));
                }
                continue;
            }
            _ => {}
        }
        at += 1;
    }
}

/// The token before, where `::` behind a name and the `(in` of a visibility count as one.
fn before(tokens: &[Token], at: usize) -> &str {
    let text = |back: usize| at.checked_sub(back).map_or("", |at| tokens[at].text.as_str());
    match (text(3), text(2), text(1)) {
        (_, "(", "in") => "(in",
        // `::std::io` is the crate of that name; `name::std` is not.
        (name, ":", ":") if name == ">" || is_word(name) && !KEYWORDS.contains(&name) => "::",
        (_, ":", ":") => "",
        (_, _, other) => other,
    }
}

/// Keywords that may stand before a path.
const KEYWORDS: &[&str] =
    &["use", "in", "as", "impl", "for", "dyn", "mut", "return", "else", "match", "if", "while"];

fn is_word(text: &str) -> bool {
    text.starts_with(|c: char| c.is_alphabetic() || c == '_')
}

/// Reads a use tree or a path from `at`, and adds the full name of each of its leaves; gives the place after.
fn tree(
    tokens: &[Token],
    mut at: usize,
    mut names: Vec<String>,
    leaves: &mut Vec<(Vec<String>, usize)>,
) -> usize {
    let text = |at: usize| tokens.get(at).map_or("", |token| token.text.as_str());
    loop {
        let line = tokens.get(at).map_or(0, |token| token.line);
        if text(at) == "{" {
            at += 1;
            while at < tokens.len() && text(at) != "}" {
                at = tree(tokens, at, names.clone(), leaves);
                while !matches!(text(at), "," | "}" | "") {
                    at += 1;
                }
                if text(at) == "," {
                    at += 1;
                }
            }
            return at + 1;
        }
        names.push(text(at).to_owned());
        at += 1;
        let goes_on = text(at) == ":" && text(at + 1) == ":";
        let next = text(at + 2);
        if !(goes_on && (next == "{" || next == "*" || is_word(next))) {
            leaves.push((names, line));
            return at;
        }
        at += 2;
    }
}

/// A path as named from the crate root; a lone `self` or `crate` names nothing.
fn resolve(first: &str, names: &[String], module: &[String], line: usize) -> Option<Named> {
    let rest = &names[1..];
    match first {
        "crate" | "counterpart" => {
            let named = (!rest.is_empty()).then(|| rest.to_vec())?;
            Some(Named { ours: true, names: named, line })
        }
        "super" | "self" => {
            let up = names.iter().filter(|name| *name == "super").count();
            if up == 0 {
                return None;
            }
            let kept = module.len().saturating_sub(up);
            let below = names.iter().filter(|name| !matches!(name.as_str(), "super" | "self"));
            let named = module[..kept].iter().chain(below).cloned().collect();
            Some(Named { ours: true, names: named, line })
        }
        _ => Some(Named { ours: false, names: names.to_vec(), line }),
    }
}

fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder that can be read") {
        let path = entry.expect("an entry that can be read").path();
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
    found.sort();
    found
}

mod can_fail {
    use super::*;

    /// What is wrong with a source, as one text.
    fn faults(file: &str, source: &str) -> String {
        check(file, source).iter().map(|fault| format!("{fault}\n")).collect()
    }

    #[test]
    fn downwards_and_along_the_arrow_is_allowed() {
        assert_eq!(faults("app/mod.rs", "use crate::{api::{Call, self}, body::Body};"), "");
        assert_eq!(
            faults("proto/h1/head.rs", "use crate::text::Fields; use super::role::Role;"),
            ""
        );
        assert_eq!(faults("layers/tower.rs", "fn f() { crate::route::Table::new(); }"), "");
        assert_eq!(faults("serve.rs", "use crate::error::Error; use crate::server::Server;"), "");
        assert_eq!(
            faults("lib.rs", "pub use crate::app::App; mod a { use super::client::Client; }"),
            ""
        );
    }

    #[test]
    fn upwards_is_named_with_both_floors() {
        assert_eq!(
            faults("typed/json.rs", "\n\nuse crate::{body::Body,\n    app::App};"),
            "typed/json.rs:4: `crate::app::App`: an import upwards: typed stands on floor 2, app on floor 4\n"
        );
        assert_eq!(
            faults("body/mod.rs", "use crate::error::Error;"),
            "body/mod.rs:1: `crate::error::Error`: an import upwards: body stands on floor 1, error on floor roof\n"
        );
    }

    #[test]
    fn sideways_against_the_arrow_and_between_neighbours_is_refused() {
        assert!(faults("body/mod.rs", "use crate::service::Fault;").contains("against `▸`"));
        assert!(faults("text/list.rs", "use crate::proto::h1;").contains("against `▸`"));
        assert!(faults("server/mod.rs", "use crate::client::Client;").contains("against `▸`"));
        assert!(faults("error.rs", "use crate::serve::Serve;").contains("against `▸`"));
    }

    #[test]
    fn across_the_wings_is_refused() {
        assert!(faults("app/mod.rs", "use crate::io::Tcp;").contains("across the wings"));
        assert!(
            faults("server/mod.rs", "let app = crate::app::App::new();")
                .contains("across the wings")
        );
        assert!(faults("drive/mod.rs", "use crate::typed::json;").contains("across the wings"));
    }

    #[test]
    fn through_the_root_is_refused() {
        let root = "not through the crate root";
        assert!(faults("app/mod.rs", "use crate::Body;").contains(root));
        assert!(faults("app/mod.rs", "use crate::*;").contains(root));
        assert!(faults("serve.rs", "use super::*;").contains(root));
        assert!(faults("app/mod.rs", "use counterpart::Body;").contains(root));
        assert!(faults("app/mod.rs", "use crate::{self as house};").contains(root));
    }

    #[test]
    fn super_is_resolved_also_in_inline_modules() {
        assert!(faults("body/inlet.rs", "use super::super::app::App;").contains("upwards"));
        assert!(
            faults("body/mod.rs", "mod tests { use super::super::app::App; }").contains("upwards")
        );
        assert_eq!(
            faults("body/mod.rs", "mod tests { use super::*; } use super::text::Fields;"),
            ""
        );
        assert!(
            faults("body/mod.rs", "mod tests { fn f() {} } use super::app::App;")
                .contains("upwards")
        );
    }

    #[test]
    fn tests_count_and_words_do_not() {
        let test = "#[cfg(test)] mod tests { #[test] fn t() { crate::app::App::new(); } }";
        assert!(faults("body/mod.rs", test).contains("upwards"));
        let words = "/// [`crate::app::App`]\nconst A: &str = \"crate::app\"; // crate::app::App\n";
        assert_eq!(faults("body/mod.rs", words), "");
        assert_eq!(faults("body/mod.rs", "macro_rules! m { () => { $crate::app::App } }"), "");
        assert_eq!(faults("body/mod.rs", "pub(in crate::app) fn f() {}"), "");
        assert!(
            faults("body/mod.rs", "fn f() { for x in crate::app::all() {} }").contains("upwards")
        );
    }

    #[test]
    fn the_machines_know_no_world() {
        let io = "proto/h1/conn.rs:1: `proto` must not know `std::io`\n";
        assert_eq!(faults("proto/h1/conn.rs", "use std::io::Read;"), io);
        assert_eq!(faults("proto/h1/conn.rs", "use std::{fmt, io};"), io);
        assert_eq!(faults("proto/h1/conn.rs", "fn f(e: ::std::io::Error) {}"), io);
        for clock in
            ["std::time::Instant", "tokio::time", "std::net::IpAddr", "core::time::Duration"]
        {
            assert!(
                faults("proto/mod.rs", &format!("use {clock};")).contains("must not know"),
                "{clock}"
            );
        }
        assert_eq!(faults("proto/mod.rs", "use std::fmt;"), "");
    }

    #[test]
    fn a_module_that_nobody_drew_is_refused() {
        assert_eq!(faults("util.rs", ""), "util.rs:1: `util` does not stand on the ground plan\n");
    }
}
