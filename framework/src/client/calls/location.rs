//! Locations: a reference, resolved where it was met (RFC 3986 §5).

use percent_encoding::percent_encode;

use super::aim::NOT_PLAIN;

/// The parts of a reference; its fragment never travels, and is none.
struct Parts<'r> {
    scheme: Option<&'r str>,
    authority: Option<&'r str>,
    path: &'r str,
    query: Option<&'r str>,
}

/// The URL that a `Location` means in an answer to the URL `base`, percent-encoded where it has to be.
pub(super) fn resolve(base: &str, location: &[u8]) -> Result<String, String> {
    if location.iter().any(u8::is_ascii_control) {
        return Err(format!("`{}` has a control character", location.escape_ascii()));
    }
    let location = percent_encode(location, NOT_PLAIN).to_string();
    let (to, base) = (Parts::of(&location), Parts::of(base));
    let scheme = to.scheme.or(base.scheme).unwrap_or_default();
    let is_absolute = to.scheme.is_some() || to.authority.is_some();
    let authority = if is_absolute { to.authority } else { base.authority };
    let path = match to.path {
        _ if is_absolute => without_dots(to.path),
        "" => base.path.to_owned(),
        path if path.starts_with('/') => without_dots(path),
        path => without_dots(&merged(&base, path)),
    };
    let inherits = !is_absolute && to.path.is_empty();
    let query = if inherits { to.query.or(base.query) } else { to.query };
    let authority = authority.map_or_else(String::new, |authority| format!("//{authority}"));
    let query = query.map_or_else(String::new, |query| format!("?{query}"));
    Ok(format!("{scheme}:{authority}{path}{query}"))
}

impl<'r> Parts<'r> {
    fn of(reference: &'r str) -> Self {
        let rest = reference.split_once('#').map_or(reference, |(rest, _)| rest);
        let (rest, query) = match rest.split_once('?') {
            Some((rest, query)) => (rest, Some(query)),
            None => (rest, None),
        };
        let (scheme, rest) = match rest.split_once(':') {
            Some((scheme, rest)) if is_scheme(scheme) => (Some(scheme), rest),
            _ => (None, rest),
        };
        let (authority, path) = match rest.strip_prefix("//") {
            Some(rest) => {
                let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
                (Some(authority), path)
            }
            None => (None, rest),
        };
        Self { scheme, authority, path, query }
    }
}

fn is_scheme(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_alphabetic())
        && text.chars().all(|char| char.is_ascii_alphanumeric() || "+-.".contains(char))
}

/// A relative path, in the place of the last segment of the base's (§5.2.3).
fn merged(base: &Parts<'_>, path: &str) -> String {
    match base.path.rfind('/') {
        Some(last) => format!("{}{path}", &base.path[..=last]),
        None if base.authority.is_some() => format!("/{path}"),
        None => path.to_owned(),
    }
}

/// A path without `.` and `..` (§5.2.4).
fn without_dots(path: &str) -> String {
    let mut kept: Vec<&str> = Vec::new();
    let mut segments = path.split('/').peekable();
    while let Some(segment) = segments.next() {
        let is_last = segments.peek().is_none();
        match segment {
            "." | ".." => {
                if segment == ".." && kept.len() > 1 {
                    kept.pop();
                }
                if is_last {
                    kept.push("");
                }
            }
            _ => kept.push(segment),
        }
    }
    kept.join("/")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn from_d(reference: &str) -> String {
        resolve("http://a/b/c/d;p?q", reference.as_bytes()).unwrap()
    }

    /// RFC 3986 §5.4.1 and §5.4.2; fragments are left out here.
    const EXAMPLES: &[(&str, &str)] = &[
        ("g:h", "g:h"),
        ("g", "http://a/b/c/g"),
        ("./g", "http://a/b/c/g"),
        ("g/", "http://a/b/c/g/"),
        ("/g", "http://a/g"),
        ("//g", "http://g"),
        ("?y", "http://a/b/c/d;p?y"),
        ("g?y", "http://a/b/c/g?y"),
        ("#s", "http://a/b/c/d;p?q"),
        ("g#s", "http://a/b/c/g"),
        ("g?y#s", "http://a/b/c/g?y"),
        (";x", "http://a/b/c/;x"),
        ("g;x", "http://a/b/c/g;x"),
        ("g;x?y#s", "http://a/b/c/g;x?y"),
        ("", "http://a/b/c/d;p?q"),
        (".", "http://a/b/c/"),
        ("./", "http://a/b/c/"),
        ("..", "http://a/b/"),
        ("../", "http://a/b/"),
        ("../g", "http://a/b/g"),
        ("../..", "http://a/"),
        ("../../", "http://a/"),
        ("../../g", "http://a/g"),
        ("../../../g", "http://a/g"),
        ("../../../../g", "http://a/g"),
        ("/./g", "http://a/g"),
        ("/../g", "http://a/g"),
        ("g.", "http://a/b/c/g."),
        (".g", "http://a/b/c/.g"),
        ("g..", "http://a/b/c/g.."),
        ("..g", "http://a/b/c/..g"),
        ("./../g", "http://a/b/g"),
        ("./g/.", "http://a/b/c/g/"),
        ("g/./h", "http://a/b/c/g/h"),
        ("g/../h", "http://a/b/c/h"),
        ("g;x=1/./y", "http://a/b/c/g;x=1/y"),
        ("g;x=1/../y", "http://a/b/c/y"),
        ("g?y/./x", "http://a/b/c/g?y/./x"),
        ("g?y/../x", "http://a/b/c/g?y/../x"),
        ("g#s/./x", "http://a/b/c/g"),
        ("g#s/../x", "http://a/b/c/g"),
        ("http:g", "http:g"),
    ];

    #[test]
    fn the_examples_of_the_rfc() {
        for (reference, url) in EXAMPLES {
            assert_eq!(from_d(reference), *url, "{reference}");
        }
    }

    #[test]
    fn what_has_to_be_encoded_is() {
        assert_eq!(from_d("/a b/\u{e9}?\u{fc} <x>"), "http://a/a%20b/%C3%A9?%C3%BC%20%3Cx%3E");
        assert_eq!(from_d("/a%20b"), "http://a/a%20b");
        // A backslash is no slash: `/\evil` stays here.
        assert_eq!(from_d("/\\evil"), "http://a/%5Cevil");
        assert_eq!(resolve("http://a/", b"/\xe9").unwrap(), "http://a/%E9");
        assert!(resolve("http://a/", b"/\tb").is_err());
    }

    #[test]
    fn a_base_without_a_path_has_one() {
        assert_eq!(resolve("http://a", b"g").unwrap(), "http://a/g");
        assert_eq!(resolve("http://a", b"?y").unwrap(), "http://a?y");
    }

    proptest! {
        #[test]
        fn a_relative_path_stays_on_its_server_and_has_no_dots(path in "[a-z./]{0,20}") {
            prop_assume!(!path.starts_with("//"));
            let url = from_d(&path);
            let (path, _) = url.strip_prefix("http://a/").unwrap().split_once('?').unwrap_or((&url[9..], ""));
            prop_assert!(path.split('/').all(|segment| segment != "." && segment != ".."), "{url}");
        }

        #[test]
        fn a_resolved_url_resolves_to_itself(reference in "[ -~]{0,20}") {
            let url = from_d(&reference);
            prop_assert_eq!(resolve("http://b/", url.as_bytes()).unwrap(), url);
        }
    }
}
