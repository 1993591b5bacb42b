//! Path parameters: one percent-encoded segment each (RFC 3986 §3.3), or all the rest of a path.
//!
//! Encoded so that every string but the empty one comes through, `a/b`, `..` and `%2F` included; decoded only
//! after the path was split.

use std::borrow::Cow;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Serialize;
use serde::de::Deserialize;

use super::text::{self, TextError, Words, Written};
use crate::text::find::find;

/// Reads a parameter from its segment as it came.
///
/// # Errors
/// If the segment is no percent-encoded UTF-8, or no `T`.
pub fn read<'p, T: Deserialize<'p>>(raw: &'p [u8]) -> Result<T, TextError> {
    let raw = std::str::from_utf8(raw).map_err(|_| TextError::invalid("it is not UTF-8"))?;
    text::read(Segment(raw))
}

/// A value as one word, not yet encoded.
///
/// # Errors
/// If the value has no form as one word, or that word is empty: an empty segment belongs to another path.
pub fn write<T: Serialize + ?Sized>(value: &T) -> Result<String, TextError> {
    match text::write(value)? {
        Written::One(word) if word.is_empty() => {
            Err(TextError::invalid("an empty text cannot stand in a path"))
        }
        Written::One(word) => Ok(word),
        _ => Err(TextError::invalid("only a single value can stand in a path")),
    }
}

/// A word as one segment: whatever is neither a letter, a digit, `-`, `_` nor `~` is encoded.
///
/// The dot of `.` and `..` too, which anything between client and server might take for steps.
pub fn encode(word: &str) -> impl std::fmt::Display {
    let dots = word == "." || word == "..";
    utf8_percent_encode(word, if dots { STRICT } else { SEGMENT })
}

/// A word as all the rest of a path: its slashes stay.
pub fn encode_rest(word: &str) -> String {
    word.split('/').map(|segment| encode(segment).to_string()).collect::<Vec<_>>().join("/")
}

const STRICT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'~');
const SEGMENT: &AsciiSet = &STRICT.remove(b'.');

#[derive(Clone, Copy)]
struct Segment<'p>(&'p str);

impl<'p> Words<'p> for Segment<'p> {
    fn is_absent(self) -> bool {
        false
    }

    fn one(self) -> Result<Cow<'p, str>, TextError> {
        decode(self.0)
    }

    fn each(self) -> Result<Vec<Cow<'p, str>>, TextError> {
        Ok(vec![self.one()?])
    }
}

/// Percent-decodes strictly: each `%` with two hexadecimal digits, and UTF-8 in the end.
pub(super) fn decode(raw: &str) -> Result<Cow<'_, str>, TextError> {
    match find(b'%', raw.as_bytes()) {
        None => Ok(raw.into()),
        Some(_) => unescape(raw, b'+').map(Cow::Owned),
    }
}

/// The same, where a plus stands for this byte.
pub(super) fn unescape(raw: &str, plus: u8) -> Result<String, TextError> {
    let mut out = Vec::with_capacity(raw.len());
    let mut left = raw.as_bytes();
    while let Some((byte, after)) = left.split_first() {
        left = after;
        out.push(match byte {
            b'%' => {
                let broken = "a `%` is not followed by two hexadecimal digits";
                let (byte, behind) = escaped(after).ok_or_else(|| TextError::invalid(broken))?;
                left = behind;
                byte
            }
            b'+' => plus,
            byte => *byte,
        });
    }
    String::from_utf8(out).map_err(|_| TextError::invalid("it is not UTF-8 once percent-decoded"))
}

/// The byte that two hexadecimal digits behind a `%` stand for, and what stands behind them.
pub(crate) fn escaped(after: &[u8]) -> Option<(u8, &[u8])> {
    let digit = |byte: u8| char::from(byte).to_digit(16);
    let ([high, low], behind) = after.split_first_chunk()?;
    let byte = digit(*high)? << 4 | digit(*low)?;
    Some((u8::try_from(byte).ok()?, behind))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn every_text_but_the_empty_one_comes_through(word in ".+") {
            let written = encode(&write(&word).unwrap()).to_string();
            prop_assert!(!written.contains(['/', '?', '#', ' ']));
            prop_assert_eq!(read::<String>(written.as_bytes()).unwrap(), word);
        }

        #[test]
        fn every_number_comes_through(number: i64) {
            let written = encode(&write(&number).unwrap()).to_string();
            prop_assert_eq!(read::<i64>(written.as_bytes()).unwrap(), number);
        }
    }

    #[test]
    fn steps_are_encoded() {
        assert_eq!(encode("..").to_string(), "%2E%2E");
        assert_eq!(encode("a.b").to_string(), "a.b");
        assert_eq!(encode_rest("a b/c"), "a%20b/c");
    }

    #[test]
    fn broken_encodings_are_refused() {
        for raw in ["%", "%2", "%zz", "a%2", "%ff", "%+1"] {
            assert_eq!(read::<String>(raw.as_bytes()).unwrap_err().code, "invalid", "{raw}");
        }
    }
}
