//! Chunks (RFC 9112 §7.1): sizes and ends, both ways.

use super::buffer::Buffer;
use super::error::{ErrorKind, ProtocolError};
use super::framing::Rules;
use super::limits::Limits;
use super::role::Side;
use super::scan::{is_value, name_length};

/// Takes chunks apart, wherever the bytes are cut.
#[derive(Debug, Clone, Copy)]
pub(super) struct Decoder {
    phase: Phase,
    /// Bytes of extensions seen in this body.
    extensions: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    Size,
    Data(u64),
    DataEnd,
    Last,
}

/// What the decoder found at the start of the buffer.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Found {
    /// Nothing yet.
    NeedData,
    /// A chunk of so many bytes begins; they come as `Data`.
    Chunk(u64),
    /// So many bytes of data lie in front.
    Data(usize),
    /// The last chunk is over; the trailer section follows.
    Last,
}

impl Decoder {
    pub(super) const fn new() -> Self {
        Self { phase: Phase::Size, extensions: 0 }
    }

    /// Whether the last chunk is over.
    pub(super) const fn is_last(&self) -> bool {
        matches!(self.phase, Phase::Last)
    }

    /// Looks at the front of the buffer, and removes what is no data.
    pub(super) fn next(
        &mut self,
        reader: Side,
        input: &mut Buffer,
        limits: &Limits,
    ) -> Result<Found, ProtocolError> {
        loop {
            match self.phase {
                Phase::Size => return self.size(reader, input, limits),
                Phase::Data(_) if input.is_empty() => return Ok(Found::NeedData),
                Phase::Data(left) => {
                    let here = usize::try_from(left).unwrap_or(usize::MAX).min(input.len());
                    let left = left - here as u64;
                    self.phase = if left == 0 { Phase::DataEnd } else { Phase::Data(left) };
                    return Ok(Found::Data(here));
                }
                Phase::DataEnd => match input.bytes() {
                    [b'\r', b'\n', ..] => {
                        input.skip(2);
                        self.phase = Phase::Size;
                    }
                    [] | [b'\r'] => return Ok(Found::NeedData),
                    _ => return Err(ProtocolError::theirs(ErrorKind::BadChunk)),
                },
                Phase::Last => return Ok(Found::Last),
            }
        }
    }

    fn size(
        &mut self,
        reader: Side,
        input: &mut Buffer,
        limits: &Limits,
    ) -> Result<Found, ProtocolError> {
        let bad = ProtocolError::theirs(ErrorKind::BadChunk);
        let Some(line) = input.next_line(limits.chunk_line) else {
            return if input.len() >= limits.chunk_line { Err(bad) } else { Ok(Found::NeedData) };
        };
        let text = input.bytes()[..line.end].strip_suffix(b"\r\n").ok_or(bad)?;
        let (size, extensions) = size_line(text, Rules::of(reader)).ok_or(bad)?;
        self.extensions += extensions;
        if self.extensions > limits.chunk_extensions {
            let limit = limits.chunk_extensions;
            return Err(ProtocolError::theirs(ErrorKind::ChunkExtensionsTooLarge { limit }));
        }
        input.skip(line.end);
        self.phase = if size == 0 { Phase::Last } else { Phase::Data(size) };
        Ok(if size == 0 { Found::Last } else { Found::Chunk(size) })
    }
}

/// The size that stands in a line, and how many bytes of extensions follow it.
fn size_line(line: &[u8], rules: Rules) -> Option<(u64, usize)> {
    let digits = line.iter().take_while(|byte| byte.is_ascii_hexdigit()).count();
    if digits == 0 || digits > MOST_DIGITS {
        return None;
    }
    let size =
        line[..digits].iter().fold(0, |size, &digit| size << 4 | u64::from(hex_value(digit)));
    are_extensions(&line[digits..], rules).then_some((size, line.len() - digits))
}

/// `*( ";" name [ "=" value ] )`; a value is a token or a quoted string. Where the rules do not ask for that,
/// blanks, and behind `;` whatever is no control character: nobody looks at it.
fn are_extensions(mut rest: &[u8], rules: Rules) -> bool {
    if rules.anything_after_chunk_size {
        let text = rest.trim_ascii_start();
        return matches!(text, [] | [b';', ..]) && is_value(rest);
    }
    while let Some((b';', name)) = rest.split_first() {
        rest = skip_token(name);
        if rest.len() == name.len() {
            return false;
        }
        if let Some((b'=', value)) = rest.split_first() {
            let Some(after) = skip_value(value) else { return false };
            rest = after;
        }
    }
    rest.is_empty()
}

/// What follows a token or a quoted string, if there is one.
fn skip_value(text: &[u8]) -> Option<&[u8]> {
    match text {
        [b'"', quoted @ ..] => skip_quoted(quoted),
        _ => Some(skip_token(text)).filter(|after| after.len() < text.len()),
    }
}

fn skip_token(text: &[u8]) -> &[u8] {
    let end = name_length(text);
    &text[end..]
}

/// What follows a quoted string, whose opening quote is gone (RFC 9110 §5.6.4).
fn skip_quoted(mut text: &[u8]) -> Option<&[u8]> {
    loop {
        text = match text {
            [b'"', after @ ..] => return Some(after),
            [b'\\', b'\t' | b' '..=b'~' | 0x80.., after @ ..] => after,
            [b'\t' | b' '..=b'~' | 0x80.., after @ ..] if text[0] != b'\\' => after,
            _ => return None,
        };
    }
}

const fn hex_value(digit: u8) -> u8 {
    match digit {
        b'0'..=b'9' => digit - b'0',
        _ => (digit | 0x20) - b'a' + 10,
    }
}

/// Writes the line before a chunk of `size` bytes, which must not be zero: that would be the last.
pub(super) fn write_size(size: usize, out: &mut Vec<u8>) {
    let digits = (usize::BITS - size.leading_zeros()).div_ceil(4).max(1);
    for place in (0..digits).rev() {
        out.push(b"0123456789abcdef"[size >> (4 * place) & 0xf]);
    }
    out.extend_from_slice(b"\r\n");
}

/// So many hex digits fit in 64 bits.
const MOST_DIGITS: usize = 16;

#[cfg(test)]
mod tests {
    use super::*;

    fn server(line: &str) -> Option<u64> {
        size_line(line.as_bytes(), Rules::of(Side::Server)).map(|(size, _)| size)
    }

    #[test]
    fn sizes() {
        assert_eq!(server("0"), Some(0));
        assert_eq!(server("aF"), Some(0xaf));
        assert_eq!(server("ffffffffffffffff"), Some(u64::MAX));
        assert_eq!(server("0000000000000005"), Some(5));
        for bad in
            ["", "0x2", "+2", "-2", "2_0", " 2", "2 ", "00000000000000005", "g", "5 ;a", "5\t"]
        {
            assert_eq!(server(bad), None, "{bad}");
        }
    }

    #[test]
    fn the_third_difference_is_what_stands_after_the_size() {
        assert_eq!(server("5  "), None);
        let client = |line: &[u8]| size_line(line, Rules::of(Side::Client));
        assert_eq!(client(b"5  "), Some((5, 2)));
        assert_eq!(client(b"5 ; a = \"b\"\t;c"), Some((5, 13)));
        assert_eq!(client(b"5;;=\"\xe9"), Some((5, 5)));
        for bad in ["5 5", "5,", "5\r", "5 ;a\r", "5;a\n", "5;\0", "5;\x7f", " 5", ";a"] {
            assert_eq!(client(bad.as_bytes()), None, "{bad}");
        }
    }

    #[test]
    fn extensions() {
        for good in ["1;a", "1;a=b", "1;a=\"x y\\\"\";b", "1;a;b;c=d"] {
            assert_eq!(server(good), Some(1), "{good}");
        }
        for bad in [
            "1;",
            "1;=",
            "1;a=",
            "1;a=\"",
            "1;a=\"\\",
            "1;a b",
            "1; a",
            "1;a\r",
            "1;a=\"\r\"",
            "1;a\0",
            "1a;b c",
        ] {
            assert_eq!(server(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_line_that_cannot_end_well_is_not_waited_for() {
        for bad in ["5\r5", "5;a\rb", "5\n", "\r\r"] {
            let mut input = Buffer::default();
            input.input().extend_from_slice(bad.as_bytes());
            let found = Decoder::new().next(Side::Server, &mut input, &Limits::server());
            assert_eq!(found, Err(ProtocolError::theirs(ErrorKind::BadChunk)), "{bad:?}");
        }
    }

    #[test]
    fn sizes_are_written_in_hex() {
        for size in [1, 9, 15, 16, 255, 4096, 0x00ab_cdef] {
            let mut out = Vec::new();
            write_size(size, &mut out);
            assert_eq!(out, format!("{size:x}\r\n").into_bytes());
        }
    }
}
