//! The text of an error: which fields does it name?

use proc_macro2::Span;

/// What stands in braces: a name, or nothing or a number.
#[derive(Debug, PartialEq)]
pub(crate) enum Hole {
    Name(String),
    Position(String),
}

/// The holes of a format string, those of widths and precisions (`{name:>width$}`) with them.
pub(crate) fn holes(text: &str) -> Result<Vec<Hole>, &'static str> {
    let mut holes = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find(['{', '}']) {
        let opens = rest[at..].starts_with('{');
        let after = &rest[at + 1..];
        if after.starts_with(if opens { '{' } else { '}' }) {
            rest = &after[1..];
            continue;
        }
        if !opens {
            return Err("`}` stands alone in the text; write `}}` for the character");
        }
        let Some(end) = after.find('}') else {
            return Err("`{` is not closed in the text; write `{{` for the character");
        };
        hole(&after[..end], &mut holes);
        rest = &after[end + 1..];
    }
    Ok(holes)
}

/// `name:>width$.precision$?`
fn hole(inside: &str, holes: &mut Vec<Hole>) {
    let (name, spec) = inside.split_once(':').unwrap_or((inside, ""));
    holes.push(read(name.trim()));
    // A `$` ends the name of a width or a precision.
    let parts: Vec<&str> = spec.split('$').collect();
    for part in &parts[..parts.len() - 1] {
        let start = part.rfind(|c: char| !(c.is_alphanumeric() || c == '_')).map_or(0, |at| at + 1);
        let start = start + part[start..].len() - part[start..].trim_start_matches('0').len();
        holes.push(read(&part[start..]));
    }
}

fn read(name: &str) -> Hole {
    match name.chars().next() {
        None => Hole::Position("{}".to_owned()),
        Some(first) if first.is_ascii_digit() => Hole::Position(format!("{{{name}}}")),
        Some(_) => Hole::Name(name.to_owned()),
    }
}

/// An identifier for a name in a text; raw where it must be.
pub(crate) fn argument(name: &str, place: Span) -> proc_macro2::Ident {
    match syn::parse_str::<syn::Ident>(name) {
        Ok(_) => proc_macro2::Ident::new(name, place),
        Err(_) => proc_macro2::Ident::new_raw(name, place),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(text: &str) -> Vec<String> {
        let holes = holes(text).unwrap().into_iter();
        holes
            .map(|hole| match hole {
                Hole::Name(name) | Hole::Position(name) => name,
            })
            .collect()
    }

    #[test]
    fn names_in_texts() {
        assert_eq!(names("there is no user {id}"), ["id"]);
        assert_eq!(names("{name:?} and {{not}} {b:>w$.p$}"), ["name", "b", "w", "p"]);
        assert_eq!(names("{} {0} {0:?}"), ["{}", "{0}", "{0}"]);
        assert!(holes("{a").is_err());
        assert!(holes("a}").is_err());
    }
}
