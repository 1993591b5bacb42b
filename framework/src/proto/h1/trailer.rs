//! Trailers: fields after a chunked body (RFC 9112 §7.1.2). They are never merged into the head.

use super::buffer::Buffer;
use super::error::{ErrorKind, ProtocolError};
use super::framing::Rules;
use super::head;
use super::limits::Limits;
use super::role::Side;
use crate::text::Fields;

/// Reads the trailer section off the buffer, once it is whole. No fields are `Some(None)`.
///
/// A field that has no place there is refused or left out, as the [`Rules`] say.
pub(super) fn read(
    reader: Side,
    input: &mut Buffer,
    limits: &Limits,
) -> Result<Option<Option<Fields>>, ProtocolError> {
    let Some(mut fields) = head::trailers(input, limits)? else { return Ok(None) };
    let misplaced = fields.iter().any(|(name, _)| !is_allowed(name));
    if misplaced && !Rules::of(reader).leaves_trailers_out {
        return Err(ProtocolError::theirs(ErrorKind::BadTrailer));
    } else if misplaced {
        for name in FORBIDDEN {
            fields.remove(name);
        }
    }
    Ok(Some((!fields.is_empty()).then_some(fields)))
}

/// Whether a field may come after the body: none that says how to frame, route, authenticate or
/// understand the message (RFC 9110 §6.5.1).
pub(super) fn is_allowed(name: &[u8]) -> bool {
    !FORBIDDEN.iter().any(|word| name.eq_ignore_ascii_case(word.as_bytes()))
}

const FORBIDDEN: [&str; 35] = [
    "authorization",
    "cache-control",
    "connection",
    "content-encoding",
    "content-length",
    "content-range",
    "content-type",
    "cookie",
    "expect",
    "forwarded",
    "host",
    "if-match",
    "if-modified-since",
    "if-none-match",
    "if-range",
    "if-unmodified-since",
    "keep-alive",
    "location",
    "max-forwards",
    "pragma",
    "proxy-authenticate",
    "proxy-authorization",
    "proxy-connection",
    "range",
    "retry-after",
    "set-cookie",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "vary",
    "www-authenticate",
    "x-forwarded-for",
    "x-forwarded-host",
    "x-forwarded-proto",
];

#[cfg(test)]
mod tests {
    use super::*;

    fn read_whole(bytes: &[u8]) -> Result<Option<Option<Fields>>, ErrorKind> {
        let mut input = Buffer::default();
        input.input().extend_from_slice(bytes);
        read(Side::Server, &mut input, &Limits::server()).map_err(|error| error.kind())
    }

    #[test]
    fn a_section_is_fields_and_an_empty_line() {
        assert!(matches!(read_whole(b"\r\n"), Ok(Some(None))));
        assert!(matches!(read_whole(b"a: b\r\n"), Ok(None)));
        let fields = read_whole(b"a: b\r\n\r\n").unwrap().unwrap().unwrap();
        assert_eq!(fields.get("a"), Some(&b"b"[..]));
    }

    #[test]
    fn what_belongs_in_the_head_is_refused() {
        for name in FORBIDDEN {
            let bytes = format!("{}: x\r\n\r\n", name.to_uppercase());
            assert_eq!(read_whole(bytes.as_bytes()).err(), Some(ErrorKind::BadTrailer));
        }
    }

    #[test]
    fn the_fifth_difference_is_what_belongs_in_the_head() {
        let mut input = Buffer::default();
        input.input().extend_from_slice(b"Host: a\r\nX: y\r\nset-cookie: b\r\nHOST: c\r\n\r\n");
        let fields = read(Side::Client, &mut input, &Limits::client()).unwrap().unwrap().unwrap();
        assert_eq!(fields.iter().collect::<Vec<_>>(), [(&b"X"[..], &b"y"[..])]);
    }

    #[test]
    fn it_is_bounded() {
        let fields = "a: b\r\n".repeat(17) + "\r\n";
        assert_eq!(
            read_whole(fields.as_bytes()).err(),
            Some(ErrorKind::TooManyTrailers { limit: 16 })
        );
        let endless = "a".repeat(4097);
        assert_eq!(
            read_whole(endless.as_bytes()).err(),
            Some(ErrorKind::TrailersTooLarge { limit: 4096 })
        );
    }
}
