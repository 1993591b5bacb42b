//! Known fields: the few names that decide how a message is framed, recognised once.

use std::ops::Range;

use http::Version;

use super::scan::is_token;
use crate::text::RequestHead;

/// A field name the machine cares about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Known {
    Host,
    Date,
    Expect,
    Upgrade,
    Connection,
    ContentLength,
    TransferEncoding,
}

/// What the fields of one head say about framing and about the connection.
#[derive(Debug, Clone)]
pub(super) struct Facts {
    pub(super) version: Version,
    pub(super) lengths: Lengths,
    pub(super) coding: Coding,
    pub(super) close: bool,
    pub(super) keep_alive: bool,
    /// A `Connection: upgrade`, and an `Upgrade` that it names.
    pub(super) upgrade: (bool, bool),
    pub(super) expectation: Expectation,
    pub(super) hosts: u8,
    pub(super) host: Range<usize>,
}

/// All `Content-Length` fields together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Lengths {
    None,
    One(u64),
    /// Several, or a list, and all are equal.
    Equal(u64),
    /// One row of digits, and too many of them.
    Huge,
    Bad,
}

/// All `Transfer-Encoding` fields together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Coding {
    None,
    Chunked,
    /// Well-formed, but not ours to undo.
    Foreign,
    Bad,
}

/// What the requester waits for before it sends the body (RFC 9110 §10.1.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expectation {
    /// Nothing.
    None,
    /// `100-continue`.
    Continue,
    /// Something nobody knows: a server answers 417.
    Unknown,
}

impl Expectation {
    /// What the head of a request expects; nothing, if its version does not know of it.
    #[must_use]
    #[inline]
    pub fn of(head: &RequestHead) -> Self {
        match head.fields.contains("expect") {
            true if head.version != Version::HTTP_10 => {
                head.fields.get_all("expect").fold(Self::None, Self::and)
            }
            _ => Self::None,
        }
    }

    /// The same, and what one field more says.
    fn and(self, value: &[u8]) -> Self {
        // Empty items of a list do not count (RFC 9110 §5.6.1).
        list(value).filter(|member| !member.is_empty()).fold(self, |before, member| {
            let known = member.eq_ignore_ascii_case(b"100-continue");
            if known && before != Self::Unknown { Self::Continue } else { Self::Unknown }
        })
    }
}

impl Known {
    /// Recognises a name by its length and first letter before it compares.
    pub(super) fn of(name: &[u8]) -> Option<Self> {
        match (name.len(), name.first()? | 0x20) {
            (4, b'h') => is(name, b"host").then_some(Self::Host),
            (4, b'd') => is(name, b"date").then_some(Self::Date),
            (6, b'e') => is(name, b"expect").then_some(Self::Expect),
            (7, b'u') => is(name, b"upgrade").then_some(Self::Upgrade),
            (10, b'c') => is(name, b"connection").then_some(Self::Connection),
            (14, b'c') => is(name, b"content-length").then_some(Self::ContentLength),
            (17, b't') => is(name, b"transfer-encoding").then_some(Self::TransferEncoding),
            _ => None,
        }
    }
}

/// Whether a name is this word, letter by letter in either case. Of the bytes of a name only `-` and the letters
/// themselves become these with that bit, so that all are compared at once.
fn is<const N: usize>(name: &[u8], word: &[u8; N]) -> bool {
    let name: Result<&[u8; N], _> = name.try_into();
    name.is_ok_and(|name| name.map(|byte| byte | 0x20) == *word)
}

impl Facts {
    pub(super) const fn new(version: Version) -> Self {
        Self {
            version,
            lengths: Lengths::None,
            coding: Coding::None,
            close: false,
            keep_alive: false,
            upgrade: (false, false),
            expectation: Expectation::None,
            hosts: 0,
            host: 0..0,
        }
    }

    /// Takes note of a field. `at` is where its value lies in the head.
    pub(super) fn note(&mut self, name: &[u8], value: &[u8], at: usize) {
        match Known::of(name) {
            None | Some(Known::Date) => {}
            Some(Known::Host) => {
                self.hosts = self.hosts.saturating_add(1);
                self.host = at..at + value.len();
            }
            Some(Known::Expect) => self.expect(value),
            Some(Known::Upgrade) => self.upgrade.1 |= !value.is_empty(),
            Some(Known::Connection) => self.connection(value),
            Some(Known::ContentLength) => self.content_length(value),
            Some(Known::TransferEncoding) => self.transfer_encoding(value),
        }
    }

    /// Whether the connection outlives this message, as far as its sender is concerned (RFC 9112 §9.3).
    pub(super) fn keeps(&self) -> bool {
        !self.close && (self.version == Version::HTTP_11 || self.keep_alive)
    }

    /// Whether the sender would like another protocol.
    pub(super) const fn wants_upgrade(&self) -> bool {
        self.upgrade.0 && self.upgrade.1
    }

    fn expect(&mut self, value: &[u8]) {
        self.expectation = self.expectation.and(value);
    }

    fn connection(&mut self, value: &[u8]) {
        // Nearly always it is one word.
        if value.eq_ignore_ascii_case(b"keep-alive") {
            self.keep_alive = true;
            return;
        }
        for token in list(value) {
            self.close |= token.eq_ignore_ascii_case(b"close");
            self.keep_alive |= token.eq_ignore_ascii_case(b"keep-alive");
            self.upgrade.0 |= token.eq_ignore_ascii_case(b"upgrade");
        }
    }

    fn content_length(&mut self, value: &[u8]) {
        // Nearly always it is one number, and the only one.
        if let (Lengths::None, Some(n)) = (self.lengths, number(value)) {
            self.lengths = Lengths::One(n);
            return;
        }
        for item in list(value) {
            self.lengths = match (self.lengths, number(item)) {
                (Lengths::None, Some(n)) => Lengths::One(n),
                (Lengths::One(before) | Lengths::Equal(before), Some(n)) if n == before => {
                    Lengths::Equal(n)
                }
                (Lengths::None, None) if is_digits(item) => Lengths::Huge,
                _ => Lengths::Bad,
            };
        }
    }

    fn transfer_encoding(&mut self, value: &[u8]) {
        for item in list(value) {
            self.coding = match (self.coding, item.eq_ignore_ascii_case(b"chunked")) {
                (Coding::None, true) => Coding::Chunked,
                (Coding::None, false) if is_token(item) => Coding::Foreign,
                // A coding before `chunked` is well-formed; anything after it is not.
                (Coding::Foreign, true) => Coding::Foreign,
                (Coding::Foreign, false) if is_token(item) => Coding::Foreign,
                _ => Coding::Bad,
            };
        }
    }
}

/// The items of a comma-separated list, without the blanks around them. An empty item is an item, so
/// that `Content-Length:` without a value is not taken for none.
pub(super) fn list(value: &[u8]) -> impl Iterator<Item = &[u8]> {
    value.split(|&byte| byte == b',').map(<[u8]>::trim_ascii)
}

/// One row of digits that fits.
pub(super) fn number(text: &[u8]) -> Option<u64> {
    if text.is_empty() {
        return None;
    }
    text.iter().try_fold(0u64, |sum, byte| {
        let digit = byte.wrapping_sub(b'0');
        if digit > 9 {
            return None;
        }
        sum.checked_mul(10)?.checked_add(digit.into())
    })
}

fn is_digits(text: &[u8]) -> bool {
    !text.is_empty() && text.iter().all(u8::is_ascii_digit)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn noted(fields: &[(&str, &str)]) -> Facts {
        let mut facts = Facts::new(Version::HTTP_11);
        for (name, value) in fields {
            facts.note(name.as_bytes(), value.as_bytes(), 0);
        }
        facts
    }

    #[test]
    fn names_are_known_in_any_case() {
        assert_eq!(Known::of(b"CoNTent-lENgth"), Some(Known::ContentLength));
        assert_eq!(Known::of(b"content_length"), None);
        assert_eq!(Known::of(b""), None);
    }

    #[test]
    fn a_length_is_digits_that_fit() {
        assert_eq!(
            noted(&[("content-length", "18446744073709551615")]).lengths,
            Lengths::One(u64::MAX)
        );
        for bad in ["", "+2", "-1", "0x2", "1 2", "2, 40", "2,", "1_0", "\u{b2}"] {
            assert_eq!(noted(&[("Content-Length", bad)]).lengths, Lengths::Bad, "{bad}");
        }
        let huge = ("content-length", "18446744073709551616");
        assert_eq!(noted(&[huge]).lengths, Lengths::Huge);
        assert_eq!(noted(&[huge, huge]).lengths, Lengths::Bad);
        assert_eq!(noted(&[("content-length", "2, 2")]).lengths, Lengths::Equal(2));
        assert_eq!(
            noted(&[("content-length", "2"), ("Content-Length", "3")]).lengths,
            Lengths::Bad
        );
    }

    #[test]
    fn a_coding_is_chunked_once() {
        for (value, coding) in [
            ("chunked", Coding::Chunked),
            ("ChunKed", Coding::Chunked),
            ("xchunked", Coding::Foreign),
            ("gzip, chunked", Coding::Foreign),
            ("chunked, chunked", Coding::Bad),
            ("chunked, identity", Coding::Bad),
            ("", Coding::Bad),
            ("chunked;q=1", Coding::Bad),
        ] {
            assert_eq!(noted(&[("Transfer-Encoding", value)]).coding, coding, "{value}");
        }
    }

    #[test]
    fn connection_is_a_list() {
        let facts =
            noted(&[("connection", "foo, Upgrade"), ("connection", "close"), ("upgrade", "x")]);
        assert!(facts.close && !facts.keeps() && facts.wants_upgrade());
        assert!(noted(&[("connection", "closed")]).keeps());
    }
}
