//! Paths: what is written into a template is read out of it, and a table finds what comparing one by one finds.

use std::cmp::Reverse;

use counterpart::http::Method;
use counterpart::private::PathWriter;
use counterpart::route::{Selected, Table, Template};
use counterpart::typed::path;

use super::pieces::Pieces;

/// The bytes choose a few templates and the values of their parameters; what is left is a path as it came.
///
/// # Panics
/// If a value is lost on the way, or the table finds another route than the most specific.
pub fn path(data: &[u8]) {
    let mut pieces = Pieces(data);
    let shapes: Vec<Vec<Segment>> = (0..=pieces.below(6)).map(|_| shape(&mut pieces)).collect();
    let mut table = Table::new();
    for (place, shape) in shapes.iter().enumerate() {
        let _ = table.insert(Method::GET, &Template::new("", &text(shape)), place);
    }
    for shape in &shapes {
        let (path, values) = filled(shape, &mut pieces);
        assert_eq!(found(&table, &path), most_specific(&shapes, path.as_bytes()), "{path:?}");
        for (name, value) in values {
            let template = Template::new("", &text(shape));
            let raw = template.capture(path.as_bytes(), &name).expect("its own path");
            assert_eq!(path::read::<String>(raw).as_deref(), Ok(value.as_str()), "{path:?}");
        }
    }
    let path = [b"/", pieces.0].concat();
    assert_eq!(found(&table, &path), most_specific(&shapes, &path), "{}", path.escape_ascii());
    if let Ok(any) = std::str::from_utf8(pieces.0) {
        // Not a template that the macros would take; nothing breaks all the same.
        let template = Template::new(any, any);
        let _ = (template.pattern(), template.capture(&path, "a"));
    }
}

/// A segment of a template.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Segment {
    Literal(&'static str),
    One(&'static str),
    Rest,
}

fn shape(pieces: &mut Pieces<'_>) -> Vec<Segment> {
    let mut shape = Vec::new();
    for name in ["a", "b", "c", "d"] {
        match pieces.below(8) {
            choice @ 0..4 => shape.push(Segment::Literal(LITERALS[choice])),
            4 | 5 => shape.push(Segment::One(name)),
            6 => {
                shape.push(Segment::Rest);
                break;
            }
            _ => break,
        }
    }
    if shape.is_empty() {
        shape.push(Segment::Literal(""));
    }
    shape
}

fn text(shape: &[Segment]) -> String {
    let words = shape.iter().map(|segment| match segment {
        Segment::Literal(word) => format!("/{word}"),
        Segment::One(name) => format!("/{{{name}}}"),
        Segment::Rest => "/{*rest}".to_owned(),
    });
    words.collect()
}

/// A path of this shape, and what stands in it.
fn filled(shape: &[Segment], pieces: &mut Pieces<'_>) -> (String, Vec<(String, String)>) {
    let literals = encoded_literals(shape);
    let mut path = PathWriter::new(&literals);
    let mut values = Vec::new();
    for segment in shape {
        let name = match segment {
            Segment::Literal(_) => continue,
            Segment::One(name) => name,
            Segment::Rest => "rest",
        };
        let mut value = pieces.text(12);
        if value.is_empty() {
            value.push('x');
        }
        path = path.param(name, &value);
        values.push((name.to_owned(), value));
    }
    (path.finish(), values)
}

/// As a client sends it: literals are encoded where they must be.
fn encoded_literals(shape: &[Segment]) -> String {
    text(shape).replace('é', "%C3%A9")
}

fn found(table: &Table<usize>, path: impl AsRef<[u8]>) -> Option<usize> {
    match table.find(path)?.select(&Method::GET) {
        Selected::Route(place) => Some(*place),
        _ => None,
    }
}

/// The first of the most specific shapes that match: a literal before a parameter before the rest.
fn most_specific(shapes: &[Vec<Segment>], path: &[u8]) -> Option<usize> {
    let rank = |shape: &[Segment]| -> Vec<u8> {
        let rank = |segment: &Segment| match segment {
            Segment::Literal(_) => 2,
            Segment::One(_) => 1,
            Segment::Rest => 0,
        };
        shape.iter().map(rank).collect()
    };
    let matching = shapes.iter().enumerate().filter(|(_, shape)| matches(shape, path));
    matching.max_by_key(|(place, shape)| (rank(shape), Reverse(*place))).map(|(place, _)| place)
}

fn matches(shape: &[Segment], path: &[u8]) -> bool {
    let mut left = path.strip_prefix(b"/");
    for segment in shape {
        let Some(text) = left else { return false };
        let end = text.iter().position(|byte| *byte == b'/');
        let own = &text[..end.unwrap_or(text.len())];
        let good = match segment {
            Segment::Literal(word) => is_literal(word, own),
            Segment::One(_) => !own.is_empty(),
            Segment::Rest => return !text.is_empty(),
        };
        if !good {
            return false;
        }
        left = end.map(|end| &text[end + 1..]);
    }
    left.is_none()
}

/// Whether a segment is this word, encoded in any way that means the same.
fn is_literal(word: &str, segment: &[u8]) -> bool {
    let (mut due, mut rest) = (word.bytes(), segment);
    while let Some((&byte, after)) = rest.split_first() {
        rest = after;
        let mut plain = byte;
        if byte == b'%' {
            let digits = after.get(..2).and_then(|digits| std::str::from_utf8(digits).ok());
            let digits =
                digits.filter(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()));
            let Some(value) = digits.and_then(|digits| u8::from_str_radix(digits, 16).ok()) else {
                return false;
            };
            plain = value;
            rest = &after[2..];
        } else if !byte.is_ascii() {
            return false;
        }
        if due.next() != Some(plain) {
            return false;
        }
    }
    due.next().is_none()
}

const LITERALS: [&str; 4] = ["u", "users", "é", ""];
