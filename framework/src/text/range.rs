//! Ranges of bytes (RFC 9110 §14): which part of a representation a request wants.

use std::ops::RangeInclusive;

/// What a `Range` field asks of content that has a certain length.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ranged {
    /// All of it: the field is malformed, of another unit, or names several ranges, which is what a server may answer
    /// with the whole.
    Whole,
    /// The bytes from the first to the last of these.
    Part(RangeInclusive<u64>),
    /// Nothing that is there: 416.
    Unsatisfiable,
}

impl Ranged {
    /// Reads the value of a `Range` field.
    ///
    /// ```
    /// use counterpart::text::Ranged;
    ///
    /// assert_eq!(Ranged::of(b"bytes=0-4", 10), Ranged::Part(0..=4));
    /// assert_eq!(Ranged::of(b"bytes=-4", 10), Ranged::Part(6..=9));
    /// assert_eq!(Ranged::of(b"bytes=8-99", 10), Ranged::Part(8..=9));
    /// assert_eq!(Ranged::of(b"bytes=10-", 10), Ranged::Unsatisfiable);
    /// assert_eq!(Ranged::of(b"bytes=0-1,4-5", 10), Ranged::Whole);
    /// ```
    #[must_use]
    pub fn of(field: &[u8], length: u64) -> Self {
        single(field).map_or(Self::Whole, |range| range.within(length))
    }
}

/// One range, before the length is known.
enum Single {
    From(u64, Option<u64>),
    Last(u64),
}

impl Single {
    fn within(self, length: u64) -> Ranged {
        match self {
            Self::Last(0) => Ranged::Unsatisfiable,
            // The whole of nothing has no first byte that could be named.
            Self::Last(_) if length == 0 => Ranged::Whole,
            Self::Last(count) => Ranged::Part(length.saturating_sub(count)..=length - 1),
            Self::From(first, _) if first >= length => Ranged::Unsatisfiable,
            Self::From(first, last) => {
                Ranged::Part(first..=last.map_or(length - 1, |last| last.min(length - 1)))
            }
        }
    }
}

/// The one range of a field; `None` for several, and for what the RFC bids to ignore.
fn single(field: &[u8]) -> Option<Single> {
    let equals = field.iter().position(|byte| *byte == b'=')?;
    let (unit, set) = (&field[..equals], &field[equals + 1..]);
    if !unit.eq_ignore_ascii_case(b"bytes") {
        return None;
    }
    let mut ranges = set.split(|byte| *byte == b',').map(trimmed).filter(|range| !range.is_empty());
    let (range, None) = (ranges.next()?, ranges.next()) else { return None };
    let dash = range.iter().position(|byte| *byte == b'-')?;
    match (&range[..dash], &range[dash + 1..]) {
        ([], last) => Some(Single::Last(number(last)?)),
        (first, []) => Some(Single::From(number(first)?, None)),
        (first, last) => {
            let (first, last) = (number(first)?, number(last)?);
            (first <= last).then_some(Single::From(first, Some(last)))
        }
    }
}

fn trimmed(text: &[u8]) -> &[u8] {
    let blank = |byte: &u8| matches!(byte, b' ' | b'\t');
    let begin = text.iter().position(|byte| !blank(byte)).unwrap_or(text.len());
    let end = text.iter().rposition(|byte| !blank(byte)).map_or(begin, |last| last + 1);
    &text[begin..end]
}

/// Digits as a number; more than can be counted is as good as the most.
fn number(digits: &[u8]) -> Option<u64> {
    let all = !digits.is_empty() && digits.iter().all(u8::is_ascii_digit);
    let add = |sum: u64, digit: &u8| sum.saturating_mul(10).saturating_add(u64::from(digit - b'0'));
    all.then(|| digits.iter().fold(0, add))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// T55: every kind of range, on content of ten bytes and of none.
    #[test]
    fn ranges_are_read_by_the_letter() {
        use Ranged::{Part, Unsatisfiable, Whole};
        let cases = [
            ("bytes=0-0", Part(0..=0), Unsatisfiable),
            ("bytes=9-", Part(9..=9), Unsatisfiable),
            ("bytes=0-", Part(0..=9), Unsatisfiable),
            ("bytes=-1", Part(9..=9), Whole),
            ("bytes=-10", Part(0..=9), Whole),
            ("bytes=-99999999999999999999999999999999999999999", Part(0..=9), Whole),
            ("bytes=-0", Unsatisfiable, Unsatisfiable),
            ("bytes=5-9223372036854775808", Part(5..=9), Unsatisfiable),
            ("bytes=5-18446744073709551616", Part(5..=9), Unsatisfiable),
            ("bytes=18446744073709551616-", Unsatisfiable, Unsatisfiable),
            ("bytes=10-10", Unsatisfiable, Unsatisfiable),
            ("BYTES= 1-2 ,", Part(1..=2), Unsatisfiable),
            ("bytes=2-1", Whole, Whole),
            ("bytes=0-0,-1", Whole, Whole),
            ("bytes=", Whole, Whole),
            ("bytes=-", Whole, Whole),
            ("bytes=a-b", Whole, Whole),
            ("bytes=+1-2", Whole, Whole),
            ("bytes=1 - 2", Whole, Whole),
            ("bytes=1-2-3", Whole, Whole),
            ("bytes", Whole, Whole),
            ("bytes 0-1", Whole, Whole),
            ("lines=0-1", Whole, Whole),
            ("", Whole, Whole),
        ];
        for (field, of_ten, of_none) in cases {
            assert_eq!(Ranged::of(field.as_bytes(), 10), of_ten, "{field}");
            assert_eq!(Ranged::of(field.as_bytes(), 0), of_none, "{field} of nothing");
        }
    }
}
