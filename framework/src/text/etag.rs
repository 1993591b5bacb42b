//! Entity tags (RFC 9110 §8.8.3): one in `ETag`, lists of them in `If-Match` and `If-None-Match`.

use std::fmt;

/// An entity tag: the name of one state of a representation.
///
/// ```
/// use counterpart::text::EntityTag;
///
/// let weak = EntityTag::parse(b"W/\"1\"").unwrap();
/// let strong = EntityTag::parse(b"\"1\"").unwrap();
/// assert!(weak.is_weakly(&strong) && !weak.is_strongly(&strong));
/// assert_eq!(weak.to_string(), "W/\"1\"");
/// assert_eq!(EntityTag::parse(b"1"), None);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EntityTag<'a> {
    weak: bool,
    opaque: &'a [u8],
}

impl<'a> EntityTag<'a> {
    /// Of text that holds neither quotes nor blanks.
    #[cfg(feature = "files")]
    pub(crate) const fn made(weak: bool, opaque: &'a [u8]) -> Self {
        Self { weak, opaque }
    }

    /// Reads exactly one.
    #[must_use]
    pub fn parse(text: &'a [u8]) -> Option<Self> {
        let (tag, rest) = Self::first(text)?;
        rest.is_empty().then_some(tag)
    }

    /// Each tag of a list, up to its end or to what is none.
    pub fn list(text: &'a [u8]) -> impl Iterator<Item = Self> {
        let mut rest = text;
        std::iter::from_fn(move || {
            let begin = rest.iter().position(|byte| !is_between(*byte))?;
            let (tag, after) = Self::first(&rest[begin..])?;
            if !after.first().is_none_or(|byte| is_between(*byte)) {
                rest = &[];
                return None;
            }
            rest = after;
            Some(tag)
        })
    }

    /// The same state, byte for byte: neither tag is weak (RFC 9110 §8.8.3.2).
    #[must_use]
    pub fn is_strongly(&self, other: &Self) -> bool {
        !self.weak && !other.weak && self.opaque == other.opaque
    }

    /// The same state, as far as its meaning goes.
    #[must_use]
    pub fn is_weakly(&self, other: &Self) -> bool {
        self.opaque == other.opaque
    }

    /// Whether equal tags may stand for content that differs in bytes.
    #[must_use]
    pub const fn is_weak(&self) -> bool {
        self.weak
    }

    fn first(text: &'a [u8]) -> Option<(Self, &'a [u8])> {
        let weak = text.starts_with(b"W/");
        let quoted = text[if weak { 2 } else { 0 }..].strip_prefix(b"\"")?;
        let end = quoted.iter().position(|byte| !is_opaque(*byte))?;
        let rest = quoted[end..].strip_prefix(b"\"")?;
        Some((Self { weak, opaque: &quoted[..end] }, rest))
    }
}

impl fmt::Display for EntityTag<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let weak = if self.weak { "W/" } else { "" };
        write!(f, "{weak}\"{}\"", String::from_utf8_lossy(self.opaque))
    }
}

const fn is_between(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b',')
}

const fn is_opaque(byte: u8) -> bool {
    matches!(byte, 0x21 | 0x23..=0x7e | 0x80..=0xff)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(text: &str) -> Vec<String> {
        EntityTag::list(text.as_bytes()).map(|tag| tag.to_string()).collect()
    }

    #[test]
    fn a_list_is_read_up_to_what_is_no_tag() {
        assert_eq!(list("\"a\", W/\"b\",,\t\"\""), ["\"a\"", "W/\"b\"", "\"\""]);
        assert_eq!(list("\"a,b\" , \"c\""), ["\"a,b\"", "\"c\""]);
        assert_eq!(list("\"a\", b, \"c\""), ["\"a\""]);
        assert_eq!(list("\"a\"x, \"c\""), Vec::<String>::new());
        for none in ["", ",", "a", "\"a", "w/\"a\"", "W/ \"a\"", "\"a b\"", "*"] {
            assert_eq!(list(none), Vec::<String>::new(), "{none}");
        }
    }

    #[test]
    fn a_weak_tag_is_strongly_nothing() {
        let [weak, strong] =
            [b"W/\"1\"".as_slice(), b"\"1\""].map(|text| EntityTag::parse(text).unwrap());
        assert!(!weak.is_strongly(&weak) && strong.is_strongly(&strong));
        assert!(weak.is_weakly(&strong) && strong.is_weakly(&weak));
        assert_eq!(EntityTag::parse(b"\"1\" "), None);
    }
}
