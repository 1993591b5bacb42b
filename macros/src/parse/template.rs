//! The grammar of paths: `/users/{id}`, `/files/{*rest}`.
//!
//! The compiler cannot underline inside a string, so every message quotes the segment it is about.

use syn::LitStr;

use crate::diagnostic::Diagnostics;
use crate::model::{Parameter, Template};

/// Reads a template, noting everything that is wrong in it.
pub(crate) fn template(literal: &LitStr, diagnostics: &mut Diagnostics) -> Template {
    let text = literal.value();
    let mut reader = Reader { literal, diagnostics, parameters: Vec::new() };
    reader.path(&text);
    let parameters = reader.parameters;
    Template { text, parameters, place: literal.span() }
}

/// Reads a prefix of `api!`: a path without parameters that does not end in `/`.
pub(crate) fn prefix(literal: &LitStr, diagnostics: &mut Diagnostics) -> String {
    let template = template(literal, diagnostics);
    if let Some(Parameter { name, .. }) = template.parameters.first() {
        let message = format!(
            "a prefix takes no parameters, and `{{{name}}}` is one; write it in the paths of the list's routes"
        );
        diagnostics.blame(literal, message);
    }
    if template.text.ends_with('/') {
        let message = match template.text.trim_end_matches('/') {
            "" => "a prefix of `/` alone adds nothing; leave out `at \"/\"`".to_owned(),
            kept => {
                format!("a prefix does not end in `/`, its routes begin with one; write `{kept}`")
            }
        };
        diagnostics.blame(literal, message);
    }
    template.text
}

struct Reader<'r> {
    literal: &'r LitStr,
    diagnostics: &'r mut Diagnostics,
    parameters: Vec<Parameter>,
}

impl Reader<'_> {
    fn path(&mut self, text: &str) {
        let Some(inside) = text.strip_prefix('/') else {
            return self.blame(match text {
                "" => "the path is empty; the root is `/`".to_owned(),
                _ => format!("the path must begin with `/`; write `/{text}`"),
            });
        };
        if let Some(wrong) = query_or_fragment(text) {
            return self.blame(format!(
                "`{wrong}` cannot stand in a path: a query is read by arguments of the handler, a fragment is never sent"
            ));
        }
        let segments: Vec<&str> = inside.split('/').collect();
        let last = segments.len() - 1;
        for (index, segment) in segments.into_iter().enumerate() {
            self.segment(segment, index == last, inside.is_empty());
        }
    }

    fn segment(&mut self, segment: &str, last: bool, root: bool) {
        match segment {
            // The root, or a path that ends in a slash, which is a path of its own.
            "" if last || root => {}
            "" => self.blame(
                "`//` leaves a segment empty; remove one `/`, since `//` is another path than `/`",
            ),
            "." | ".." => self.blame(format!(
                "the segment `{segment}` never arrives: clients fold it away; remove it"
            )),
            _ if segment.contains(['{', '}']) => self.parameter(segment, last),
            _ => self.literal(segment),
        }
    }

    /// `{name}` or, at the end, `{*name}`.
    fn parameter(&mut self, segment: &str, last: bool) {
        let opened = segment.matches('{').count();
        let closed = segment.matches('}').count();
        if opened != closed {
            let missing = if opened > closed { '}' } else { '{' };
            return self.blame(format!("`{missing}` is missing in the segment `{segment}`"));
        }
        let inner = segment.strip_prefix('{').and_then(|rest| rest.strip_suffix('}'));
        let Some(inner) = inner.filter(|inner| !inner.contains(['{', '}'])) else {
            return self.blame(format!(
                "`{segment}` mixes a parameter with something else; a parameter is a whole segment, such as `/{{name}}/`"
            ));
        };
        let (name, rest) = match inner.strip_prefix('*') {
            Some(name) => (name, true),
            None => (inner, false),
        };
        if rest && !last {
            return self.blame(format!(
                "`{segment}` takes all that follows, so it must be the last segment"
            ));
        }
        self.name(segment, name, rest);
    }

    fn name(&mut self, segment: &str, name: &str, rest: bool) {
        if let Some((kept, _)) = name.split_once(':') {
            return self.blame(format!(
                "`{segment}`: a parameter has no pattern; its argument's type says what is allowed, write `{{{kept}}}`"
            ));
        }
        if let Some(kept) = name.strip_suffix('?') {
            return self.blame(format!(
                "`{segment}`: a path parameter cannot be left out; write `{{{kept}}}` here, and a second route without it"
            ));
        }
        if let Some(kept) = name.strip_suffix("...").or(name.strip_suffix('*')) {
            return self.blame(format!("`{segment}`: write `{{*{kept}}}` for all that follows"));
        }
        if name.is_empty() {
            return self
                .blame(format!("`{segment}` has no name; write the argument's, such as `{{id}}`"));
        }
        if !is_identifier(name) {
            return self.blame(format!(
                "`{name}` cannot be the name of an argument, and the parameter `{segment}` is bound by name"
            ));
        }
        if self.parameters.iter().any(|parameter| parameter.name == name) {
            return self.blame(format!("`{{{name}}}` is twice in the path; rename one"));
        }
        self.parameters.push(Parameter { name: name.to_owned(), rest });
    }

    fn literal(&mut self, segment: &str) {
        if let Some(name) = segment.strip_prefix(':') {
            return self
                .blame(format!("`{segment}` would be taken as it stands; write `{{{name}}}`"));
        }
        let angled = segment.strip_prefix('<').and_then(|rest| rest.strip_suffix('>'));
        if let Some(name) = angled {
            let name = name.split(':').next_back().unwrap_or(name);
            return self
                .blame(format!("`{segment}` would be taken as it stands; write `{{{name}}}`"));
        }
        if let Some(name) = segment.strip_prefix('*') {
            let name = if name.is_empty() { "rest" } else { name };
            return self
                .blame(format!("`{segment}` would be taken as it stands; write `{{*{name}}}`"));
        }
        if segment.contains('%') {
            return self.blame(format!(
                "`{segment}`: write the segment decoded; a request's `%` escapes are undone before it is compared"
            ));
        }
        if let Some(wrong) = segment.chars().find(|c| c.is_whitespace() || c.is_control()) {
            self.blame(format!(
                "{wrong:?} cannot stand in a path, and is in the segment {segment:?}"
            ));
        }
    }

    fn blame(&mut self, message: impl std::fmt::Display) {
        self.diagnostics.blame(self.literal, message);
    }
}

/// The first `?` or `#` outside braces.
fn query_or_fragment(text: &str) -> Option<char> {
    let mut inside = false;
    text.chars().find(|c| {
        inside = matches!(c, '{') || inside && !matches!(c, '}');
        !inside && matches!(c, '?' | '#')
    })
}

/// Whether an argument can bear this name, be it as a raw identifier.
fn is_identifier(name: &str) -> bool {
    if matches!(name, "self" | "Self" | "super" | "crate" | "_") {
        return false;
    }
    syn::parse_str::<syn::Ident>(name).is_ok()
        || syn::parse_str::<syn::Ident>(&format!("r#{name}")).is_ok()
}

#[cfg(test)]
mod tests;
