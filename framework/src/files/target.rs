//! The path of a request as names below the root.

use std::borrow::Cow;
use std::ffi::OsString;
use std::path::{Component, Path, PathBuf};

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode, percent_encode};

/// What a request's path names: plain names, one below the other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Target {
    /// Relative, and empty for the root itself; each of its components is a plain name.
    pub(super) path: PathBuf,
    /// Whether it ends with `/`, so that it means a folder.
    pub(super) slash: bool,
}

/// Why a path names nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mistake {
    /// A `%` that is followed by something else than two digits.
    Malformed,
    /// A name that no file may have, or that may not be told.
    NotFound,
}

impl Target {
    /// Reads a path that is still percent-encoded. It is decoded once, name by name, so that nothing encoded can become
    /// a separator; and nothing is left out or put together, so that every part of a program that looks at the path
    /// sees the same one.
    pub(super) fn parse(path: &[u8], hidden: bool) -> Result<Self, Mistake> {
        let below = path.strip_prefix(b"/").ok_or(Mistake::NotFound)?;
        if !well_encoded(below) {
            return Err(Mistake::Malformed);
        }
        let (names, slash) = match below.strip_suffix(b"/") {
            Some(names) => (names, true),
            None => (below, below.is_empty()),
        };
        let mut path = PathBuf::new();
        // The root's own slash ends no name.
        if !below.is_empty() {
            for name in names.split(|byte| *byte == b'/') {
                path.push(plain(percent_decode(name).into(), hidden).ok_or(Mistake::NotFound)?);
            }
        }
        Ok(Self { path, slash })
    }

    /// The path with a slash at its end, percent-encoded, as a `Location` tells it. It is made of the names, and so
    /// begins with one slash, whatever the request's path looked like.
    pub(super) fn with_slash(&self) -> String {
        let names = self.path.components().map(Component::as_os_str);
        names.fold("/".into(), |all, name| all + &encoded(name.as_encoded_bytes()) + "/")
    }

    /// Whether the last name looks like a file's, by an extension.
    pub(super) fn has_extension(&self) -> bool {
        !self.slash && self.path.extension().is_some()
    }
}

/// A name as a part of a path, percent-encoded.
pub(super) fn encoded(name: &[u8]) -> String {
    percent_encode(name, &RESERVED).to_string()
}

/// Whether a path can name it: what cannot be asked for need not be listed.
pub(super) fn is_served(name: &[u8], hidden: bool) -> bool {
    plain(name.into(), hidden).is_some()
}

/// Whether a name is one of those that are not shown: it begins with a dot.
fn is_hidden(name: &[u8]) -> bool {
    name.first() == Some(&b'.')
}

/// A name that is one component of a path on every system, and means nothing else.
fn plain(name: Cow<'_, [u8]>, hidden: bool) -> Option<OsString> {
    let forbidden = |byte: &u8| matches!(byte, 0 | b'/' | b'\\');
    if name.is_empty() || name.iter().any(forbidden) || (!hidden && is_hidden(&name)) {
        return None;
    }
    let name = native(name.into_owned())?;
    let mut components = Path::new(&name).components();
    let one = matches!(components.next(), Some(Component::Normal(only)) if only == name);
    (one && components.next().is_none()).then_some(name)
}

#[cfg(unix)]
#[expect(clippy::unnecessary_wraps, reason = "elsewhere not every name is one")]
fn native(name: Vec<u8>) -> Option<OsString> {
    use std::os::unix::ffi::OsStringExt;
    Some(OsString::from_vec(name))
}

/// Names of devices, of streams within a file, and those that the system would read as another name.
#[cfg(not(unix))]
fn native(name: Vec<u8>) -> Option<OsString> {
    let name = String::from_utf8(name).ok()?;
    let stem = name.split('.').next().unwrap_or_default().trim_end().to_ascii_uppercase();
    let numbered =
        |device: &str| stem.strip_prefix(device).is_some_and(|rest| rest.chars().count() == 1);
    let device = matches!(&*stem, "CON" | "PRN" | "AUX" | "NUL" | "CONIN$" | "CONOUT$")
        || numbered("COM")
        || numbered("LPT");
    (!device && !name.contains(':') && !name.ends_with(['.', ' '])).then(|| name.into())
}

fn well_encoded(path: &[u8]) -> bool {
    let escapes = path.iter().enumerate().filter(|(_, byte)| **byte == b'%');
    escapes
        .map(|(at, _)| path.get(at + 1..at + 3))
        .all(|digits| digits.is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit)))
}

/// All that does not stand for itself in a path, and the quotes and `&` of HTML.
const RESERVED: AsciiSet = NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~')
    .remove(b'!')
    .remove(b'$')
    .remove(b'(')
    .remove(b')')
    .remove(b'*')
    .remove(b'+')
    .remove(b',')
    .remove(b';')
    .remove(b'=')
    .remove(b':')
    .remove(b'@');

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn path(of: &str) -> Result<String, Mistake> {
        Target::parse(of.as_bytes(), false).map(|target| {
            let slash = if target.slash { "/" } else { "" };
            format!("{}{slash}", target.path.display())
        })
    }

    /// S38, S39: a path is plain names or nothing.
    #[test]
    fn only_plain_names_are_read() {
        let read = [
            ("/", "/"),
            ("/a", "a"),
            ("/a/", "a/"),
            ("/a/b%20c", "a/b c"),
            ("/%2561", "%61"),
            ("/a;b/c:d", "a;b/c:d"),
            ("/a..b/...c", "a..b/...c"),
        ];
        for (from, to) in &read[..6] {
            assert_eq!(path(from).as_deref(), Ok(*to), "{from}");
        }
        for none in [
            "",
            "*",
            "a",
            "//",
            "//a",
            "/a//b",
            "/a//",
            "/.",
            "/..",
            "/a/..",
            "/a/../b",
            "/./a",
            "/%2e%2e/a",
            "/%2E",
            "/a%2fb",
            "/a%5cb",
            "/a\\b",
            "/%00",
            "/a%00.txt",
            "/.git",
            "/a/.env",
            "/%2egit",
            read[6].0,
        ] {
            assert_eq!(path(none), Err(Mistake::NotFound), "{none}");
        }
        for wrong in ["/%", "/%4", "/%zz", "/a%/b", "/%u0041"] {
            assert_eq!(path(wrong), Err(Mistake::Malformed), "{wrong}");
        }
    }

    #[test]
    fn dotfiles_are_read_where_they_may_be_told() {
        let target = Target::parse(b"/.git/config", true).unwrap();
        assert_eq!(target.path, Path::new(".git/config"));
        assert_eq!(Target::parse(b"/..", true), Err(Mistake::NotFound));
    }

    proptest! {
        /// T56: whatever bytes come, what is read stays below the root and is read again as it is written.
        #[test]
        fn what_is_read_is_below_and_is_written_as_it_was(bytes in "[/.%a2fF5cC0\\\\:e~é \\x00]{0,24}") {
            let Ok(target) = Target::parse(bytes.as_bytes(), true) else { return Ok(()) };
            prop_assert!(target.path.components().all(|part| matches!(part, Component::Normal(_))));
            let written = target.with_slash();
            prop_assert!(written.starts_with('/') && !written.starts_with("//"));
            let again = Target::parse(written.as_bytes(), true).unwrap();
            prop_assert_eq!(again.path, target.path);
        }
    }
}
