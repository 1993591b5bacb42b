//! The judge: walks the lines of a section as they come, and names the first fault.
//!
//! The parser in `head` is quick, and says only whether a whole section is well-formed. Whenever it
//! does not say yes, the judge looks at the section line by line: each line once, as soon as it is
//! there. So the same bytes are refused for the same reason, and at the same byte, however they were
//! cut; and a section that comes byte by byte is walked once. A good head that came in one piece
//! never meets the judge.

use super::buffer::Buffer;
use super::error::ErrorKind;
use super::lenience::Lenience;
use super::limits::Limits;
use super::scan::{is_tchar, is_token, is_value};
use super::target::check_bytes;

/// What the lines are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Section {
    /// A request line and fields.
    Request,
    /// A status line and fields.
    Response,
    /// Fields alone.
    Trailers,
}

/// Bounds of a section, and what it means to pass them.
struct Bounds {
    bytes: usize,
    fields: usize,
    first_line: usize,
    too_large: ErrorKind,
    too_many: ErrorKind,
}

/// Walks the lines that have become whole since the last look. Once the empty line is there, tells
/// how long the section is.
pub(super) fn look(
    section: Section,
    input: &mut Buffer,
    limits: &Limits,
) -> Result<Option<usize>, ErrorKind> {
    let bounds = Bounds::of(section, limits);
    opening(section, input.bytes())?;
    while let Some(line) = input.next_line(bounds.bytes) {
        if line.place == 0 && line.end > bounds.first_line {
            return Err(target_too_long(limits));
        }
        let text = &input.bytes()[line.start..line.end];
        let text = Lenience::line(section, text, limits).ok_or(ErrorKind::BadLineEnd)?;
        match (section, line.place) {
            (Section::Request, 0) => request_line(text, limits)?,
            (Section::Response, 0) => status_line(text)?,
            _ if text.is_empty() => return Ok(Some(line.end)),
            _ if !is_field(text) && !Lenience::allows(section, text, line.place, limits) => {
                return Err(ErrorKind::BadField);
            }
            _ if fields(section, line.place) > bounds.fields => return Err(bounds.too_many),
            _ => {}
        }
    }
    let searched = input.len().min(bounds.bytes);
    if input.is_first_line() && searched > bounds.first_line {
        return Err(target_too_long(limits));
    }
    if input.len() >= bounds.bytes { Err(bounds.too_large) } else { Ok(None) }
}

/// Whether a request line, with its end, is longer than any with an allowed target.
pub(super) fn is_long_line(len: usize, limits: &Limits) -> bool {
    len > limits.target.saturating_add(MOST_BESIDE_TARGET)
}

impl Bounds {
    fn of(section: Section, limits: &Limits) -> Self {
        match section {
            Section::Request | Section::Response => Self {
                bytes: limits.head,
                fields: limits.fields,
                first_line: match section {
                    Section::Request => limits.target.saturating_add(MOST_BESIDE_TARGET),
                    _ => usize::MAX,
                },
                too_large: ErrorKind::HeadTooLarge { limit: limits.head },
                too_many: ErrorKind::TooManyFields { limit: limits.fields },
            },
            Section::Trailers => Self {
                bytes: limits.trailer_bytes,
                fields: limits.trailer_fields,
                first_line: usize::MAX,
                too_large: ErrorKind::TrailersTooLarge { limit: limits.trailer_bytes },
                too_many: ErrorKind::TooManyTrailers { limit: limits.trailer_fields },
            },
        }
    }
}

const fn target_too_long(limits: &Limits) -> ErrorKind {
    ErrorKind::TargetTooLong { limit: limits.target }
}

/// The place of a field, from 1, whose line is at this place, from 0.
const fn fields(section: Section, line: usize) -> usize {
    if let Section::Trailers = section { line + 1 } else { line }
}

/// What the very first bytes tell before their line has come to its end.
fn opening(section: Section, bytes: &[u8]) -> Result<(), ErrorKind> {
    match section {
        Section::Request if bytes.first().is_some_and(|&byte| !is_tchar(byte)) => {
            Err(ErrorKind::BadRequestLine)
        }
        Section::Response if bytes.iter().zip(b"HTTP/").any(|(came, due)| came != due) => {
            Err(ErrorKind::BadStatusLine)
        }
        _ => Ok(()),
    }
}

fn request_line(line: &[u8], limits: &Limits) -> Result<(), ErrorKind> {
    let mut words = line.split(|&byte| byte == b' ');
    let (Some(method), Some(target), Some(version), None) =
        (words.next(), words.next(), words.next(), words.next())
    else {
        return Err(ErrorKind::BadRequestLine);
    };
    if !is_token(method) {
        return Err(ErrorKind::BadRequestLine);
    }
    if target.len() > limits.target {
        return Err(target_too_long(limits));
    }
    if target.is_empty() {
        return Err(ErrorKind::BadRequestLine);
    }
    check_bytes(target)?;
    version_of(version).ok_or(ErrorKind::BadRequestLine)?
}

fn status_line(line: &[u8]) -> Result<(), ErrorKind> {
    let (version, rest) = line.split_at_checked(8).ok_or(ErrorKind::BadStatusLine)?;
    version_of(version).ok_or(ErrorKind::BadStatusLine)??;
    let (code, reason) = match rest {
        [b' ', code @ ..] if code.len() >= 3 => code.split_at(3),
        _ => return Err(ErrorKind::BadStatusLine),
    };
    let good = matches!(code, [b'1'..=b'9', b'0'..=b'9', b'0'..=b'9'])
        && matches!(reason, [] | [b' ', ..])
        && is_value(reason);
    if good { Ok(()) } else { Err(ErrorKind::BadStatusLine) }
}

/// `HTTP/` DIGIT `.` DIGIT, and the major digit is 1.
fn version_of(text: &[u8]) -> Option<Result<(), ErrorKind>> {
    match text {
        [b'H', b'T', b'T', b'P', b'/', b'1', b'.', b'0'..=b'9'] => Some(Ok(())),
        [b'H', b'T', b'T', b'P', b'/', b'0'..=b'9', b'.', b'0'..=b'9'] => {
            Some(Err(ErrorKind::UnsupportedVersion))
        }
        _ => None,
    }
}

/// Whether a line without its end is a field line (RFC 9112 §5).
pub(super) fn is_field(line: &[u8]) -> bool {
    let colon = line.iter().position(|&byte| byte == b':');
    let Some((name, value)) = colon.map(|colon| line.split_at(colon)) else { return false };
    is_token(name) && is_value(value)
}

/// Room in a request line for the method, the version and the blanks.
const MOST_BESIDE_TARGET: usize = 256;

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(section: Section, bytes: &[u8], limits: &Limits) -> Result<Option<usize>, ErrorKind> {
        let mut whole = Buffer::default();
        whole.input().extend_from_slice(bytes);
        let whole = look(section, &mut whole, limits);
        let mut input = Buffer::default();
        let mut last = Ok(None);
        for &byte in bytes {
            input.input().extend_from_slice(&[byte]);
            last = look(section, &mut input, limits);
            if last != Ok(None) {
                break;
            }
        }
        assert_eq!(last, whole, "byte by byte: {}", bytes.escape_ascii());
        whole
    }

    fn request(bytes: &[u8]) -> Result<Option<usize>, ErrorKind> {
        judged(Section::Request, bytes, &Limits::server())
    }

    #[test]
    fn the_first_fault_is_named() {
        assert_eq!(request(b"GET / HTTP/1.1\r\nbad\r\na: b\n\r\n"), Err(ErrorKind::BadField));
        assert_eq!(request(b"GET / HTTP/1.1\r\na: b\nbad\r\n\r\n"), Err(ErrorKind::BadLineEnd));
        assert_eq!(request(b"GET / HTTP/1.1\r\na: b\r\n\r\nbad"), Ok(Some(24)));
    }

    #[test]
    fn a_fault_shows_as_soon_as_its_line_is_there() {
        assert_eq!(request(b"GET / HTTP/1.1\r\na : b\r\n"), Err(ErrorKind::BadField));
        assert_eq!(request(b"GET / HTTP/1.1\r\na: b\r\nc: d\r"), Ok(None));
        assert_eq!(request(b"GET / HTTP/1.1\r\na: b\r\n\r"), Ok(None));
        assert_eq!(request(b"GET / HTTP/1.1\r\na: b\r\n\rX"), Err(ErrorKind::BadLineEnd));
        assert_eq!(request(b"GET / HTTP/1.1\rHost: a\r\r"), Err(ErrorKind::BadLineEnd));
        assert_eq!(request(b"GET / HTTP/1.1\r\na: b\rc"), Err(ErrorKind::BadLineEnd));
    }

    #[test]
    fn unfinished_lines_are_given_time() {
        assert_eq!(request(b""), Ok(None));
        assert_eq!(request(b"GE"), Ok(None));
        assert_eq!(request(b"GET / HTTP/1.1\r\nno colon yet"), Ok(None));
        assert_eq!(request(b"\x16\x03\x01"), Err(ErrorKind::BadRequestLine));
        let response = |bytes| judged(Section::Response, bytes, &Limits::client());
        assert_eq!(response(b"HT"), Ok(None));
        assert_eq!(response(b"Hello"), Err(ErrorKind::BadStatusLine));
    }

    #[test]
    fn bounds_hold_wherever_they_are_met() {
        let mut limits = Limits::server();
        (limits.head, limits.target, limits.fields) = (1024, 300, 2);
        let judged = |text: String| judged(Section::Request, text.as_bytes(), &limits);
        let target = |n| format!("GET /{} HTTP/1.1\r\n", "a".repeat(n));
        assert_eq!(judged(target(299)), Ok(None));
        assert_eq!(judged(target(300)), Err(ErrorKind::TargetTooLong { limit: 300 }));
        assert_eq!(judged("G".repeat(556)), Ok(None));
        assert_eq!(judged("G".repeat(557)), Err(ErrorKind::TargetTooLong { limit: 300 }));
        assert_eq!(judged("G".repeat(557) + "\n"), Err(ErrorKind::TargetTooLong { limit: 300 }));
        let long = |n| target(0) + "a: " + &"b".repeat(n);
        assert_eq!(judged(long(1004 - 16)), Ok(None));
        assert_eq!(judged(long(1005)), Err(ErrorKind::HeadTooLarge { limit: 1024 }));
        assert_eq!(judged(long(1005) + "\n"), Err(ErrorKind::HeadTooLarge { limit: 1024 }));
        assert_eq!(judged(target(0) + "a: b\r\na: b\r\n"), Ok(None));
        assert_eq!(
            judged(target(0) + "a: b\r\na: b\r\na: b\r\n"),
            Err(ErrorKind::TooManyFields { limit: 2 })
        );
    }

    #[test]
    fn versions() {
        for (line, kind) in [
            ("GET /", ErrorKind::BadRequestLine),
            ("GET / HTTP/2.0", ErrorKind::UnsupportedVersion),
            ("GET / HTTP/0.9", ErrorKind::UnsupportedVersion),
            ("GET / HTTP/1.01", ErrorKind::BadRequestLine),
            ("GET / http/1.1", ErrorKind::BadRequestLine),
            ("GET  / HTTP/1.1", ErrorKind::BadRequestLine),
            ("GET /a b HTTP/1.1", ErrorKind::BadRequestLine),
            ("GET\t/ HTTP/1.1", ErrorKind::BadRequestLine),
        ] {
            assert_eq!(request(format!("{line}\r\n").as_bytes()), Err(kind), "{line}");
        }
    }
}
