//! Path templates: `/users/{id}/files/{*path}`.

use std::borrow::Cow;

use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};

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
    pub fn capture<'p>(&self, path: &'p str, name: &str) -> Option<&'p str> {
        let parameter = self.parameters.iter().find(|parameter| parameter.name == name)?;
        let mut segments = path.splitn(parameter.segment + 1, '/');
        let from = segments.nth(parameter.segment)?;
        Some(if parameter.rest { from } else { from.split('/').next().unwrap_or(from) })
    }

    /// The same template for the matcher: parameter names dropped, so that `/u/{id}` and `/u/{name}` are one
    /// node; literals as [`normal`] writes them.
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
pub(super) fn normal(path: &str) -> Cow<'_, str> {
    let Some(first) = path.find('%') else { return Cow::Borrowed(path) };
    let mut out = String::with_capacity(path.len());
    let (start, mut rest) = path.split_at(first);
    out.push_str(start);
    while let Some(encoded) = rest.strip_prefix('%') {
        let byte = encoded
            .get(..2)
            .filter(|digits| digits.bytes().all(|digit| digit.is_ascii_hexdigit()))
            .and_then(|digits| u8::from_str_radix(digits, 16).ok());
        match byte {
            Some(byte) if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) => {
                out.push(byte.into());
            }
            Some(byte) => out.push_str(&format!("%{byte:02X}")),
            // Broken: it stays, matches no literal, and a parameter reports it.
            None => out.push('%'),
        }
        let after = &encoded[if byte.is_some() { 2 } else { 0 }..];
        let (plain, next) = after.split_at(after.find('%').unwrap_or(after.len()));
        out.push_str(plain);
        rest = next;
    }
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_found_by_name() {
        let template = Template::new("/v1/", "/users/{id}/files/{*path}");
        assert_eq!(template.as_str(), "/v1/users/{id}/files/{*path}");
        let path = "/v1/users/a%2Fb/files/c/d";
        assert_eq!(template.capture(path, "id"), Some("a%2Fb"));
        assert_eq!(template.capture(path, "path"), Some("c/d"));
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
        assert_eq!(normal("/%75sers/%7euser"), "/users/~user");
        assert_eq!(normal("/caf%c3%a9"), Template::new("", "/café").pattern());
        assert_eq!(normal("/a%2fb"), "/a%2Fb");
        assert_eq!(normal("/a%zz%"), "/a%zz%");
        assert_eq!(normal("/a%+1é%é"), "/a%+1é%é");
    }
}
