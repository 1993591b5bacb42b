//! Path templates: `/users/{id}/files/{*path}`.

use std::borrow::Cow;

use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};

use crate::text::find::find;
use crate::typed::path;

/// A path template, parsed: literals and the places of its parameters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template {
    text: String,
    parameters: Vec<Parameter>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Parameter {
    name: String,
    /// Behind which slash it begins, counted from 1.
    segment: usize,
    rest: bool,
}

impl Template {
    /// A template under a prefix. The macros have checked the grammar of both.
    ///
    /// The template `/` under a prefix is the prefix itself.
    #[must_use]
    pub fn new(prefix: &str, template: &str) -> Self {
        let prefix = prefix.trim_end_matches('/');
        let own = if template == "/" && !prefix.is_empty() { "" } else { template };
        let text = format!("{prefix}{own}");
        let parameters = text.split('/').enumerate().filter_map(|(segment, word)| {
            let name = word.strip_prefix('{')?.strip_suffix('}')?;
            let rest = name.starts_with('*');
            Some(Parameter { name: name.trim_start_matches('*').into(), segment, rest })
        });
        Self { parameters: parameters.collect(), text }
    }

    /// As it was written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The parameter's part of a path that matches, still percent-encoded.
    #[must_use]
    pub fn capture<'p>(&self, path: &'p [u8], name: &str) -> Option<&'p [u8]> {
        let parameter = self.parameters.iter().find(|parameter| parameter.name == name)?;
        let mut from = path;
        for _ in 0..parameter.segment {
            from = &from[find(b'/', from)? + 1..];
        }
        let end = if parameter.rest { None } else { find(b'/', from) };
        Some(&from[..end.unwrap_or(from.len())])
    }

    /// The same template for the matcher: parameter names dropped, so that `/u/{id}` and `/u/{name}` are one
    /// node; literals in the form that paths are compared in.
    #[must_use]
    pub fn pattern(&self) -> String {
        let words = self.text.split('/').enumerate().map(|(segment, word)| {
            match self.parameters.iter().find(|parameter| parameter.segment == segment) {
                Some(parameter) if parameter.rest => Cow::Borrowed("{*}"),
                Some(_) => Cow::Borrowed("{}"),
                None => utf8_percent_encode(word, LITERAL).into(),
            }
        });
        words.collect::<Vec<_>>().join("/")
    }
}

/// What cannot stand in a path as it is (RFC 3986 §3.3).
const LITERAL: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'%')
    .add(b'<')
    .add(b'>')
    .add(b'?')
    .add(b'[')
    .add(b'\\')
    .add(b']')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}');

/// A path in the one form that literals are compared in (RFC 3986 §6.2.2): encoded letters, digits, `-`, `.`, `_`
/// and `~` decoded, every other encoding in upper case. A path without `%` is that already.
#[must_use]
pub(crate) fn normal(path: &[u8]) -> Cow<'_, [u8]> {
    let Some(first) = find(b'%', path) else { return path.into() };
    let mut out = Vec::with_capacity(path.len());
    out.extend_from_slice(&path[..first]);
    let mut left = &path[first..];
    while let Some((byte, after)) = left.split_first() {
        let escaped = if *byte == b'%' { path::escaped(after) } else { None };
        match escaped {
            Some((plain, _)) if plain.is_ascii_alphanumeric() || b"-._~".contains(&plain) => {
                out.push(plain);
            }
            Some(_) => {
                out.push(b'%');
                out.extend(after[..2].iter().map(u8::to_ascii_uppercase));
            }
            // A broken encoding stays, matches no literal, and is reported by a parameter.
            None => out.push(*byte),
        }
        left = escaped.map_or(after, |(_, behind)| behind);
    }
    out.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_found_by_name() {
        let template = Template::new("/v1/", "/users/{id}/files/{*path}");
        assert_eq!(template.as_str(), "/v1/users/{id}/files/{*path}");
        let path = b"/v1/users/a%2Fb/files/c/d";
        assert_eq!(template.capture(path, "id"), Some(&b"a%2Fb"[..]));
        assert_eq!(template.capture(path, "path"), Some(&b"c/d"[..]));
        assert_eq!(template.capture(path, "name"), None);
        assert_eq!(template.pattern(), "/v1/users/{}/files/{*}");
    }

    #[test]
    fn the_root_under_a_prefix_is_the_prefix() {
        assert_eq!(Template::new("/posts", "/").as_str(), "/posts");
        assert_eq!(Template::new("", "/").as_str(), "/");
    }

    #[test]
    fn equivalent_paths_have_one_form() {
        let normal = |path: &str| String::from_utf8(normal(path.as_bytes()).into_owned()).unwrap();
        assert_eq!(normal("/%75sers/%7euser"), "/users/~user");
        assert_eq!(normal("/caf%c3%a9"), Template::new("", "/café").pattern());
        assert_eq!(normal("/a%2fb"), "/a%2Fb");
        assert_eq!(normal("/a%zz%"), "/a%zz%");
        assert_eq!(normal("/a%+1é%é"), "/a%+1é%é");
    }
}
