//! Writing heads: lines and fields into a buffer, checked so that no value can end its line.

use http::{Method, StatusCode};

use super::error::{ErrorKind, ProtocolError};
use super::known::{self, Known, Lengths};
use super::scan::{is_target, is_token, is_value};
use crate::text::Fields;
use crate::text::reason::phrase;

/// What the fields of our own head say that we write in our own words.
pub(super) struct Ours {
    pub(super) lengths: Lengths,
    pub(super) close: bool,
    pub(super) dated: bool,
    /// A `Connection: upgrade`, and an `Upgrade` that it names.
    pub(super) upgrade: (bool, bool),
    pub(super) expects: bool,
    pub(super) hosts: u8,
}

/// Writes all fields but those that frame the message, and tells what those said.
#[inline]
pub(super) fn passed_fields(fields: &Fields, out: &mut Vec<u8>) -> Result<Ours, ProtocolError> {
    match fields.ready() {
        // None of them is one of ours.
        Some(field) => {
            out.extend_from_slice(field.line.as_bytes());
            Ok(Ours::NOTHING)
        }
        None => passed_one_by_one(fields, out),
    }
}

fn passed_one_by_one(fields: &Fields, out: &mut Vec<u8>) -> Result<Ours, ProtocolError> {
    let mut ours = Ours::NOTHING;
    for (name, value) in fields.read() {
        if ours.passes(name, value) {
            field(name, value, out)?;
        }
    }
    for (name, value) in fields.made() {
        let (name, value) = (name.as_str().as_bytes(), value.as_bytes());
        if ours.passes(name, value) {
            checked_field(name, value, out);
        }
    }
    Ok(ours)
}

impl Ours {
    const NOTHING: Self = Self {
        lengths: Lengths::None,
        close: false,
        dated: false,
        upgrade: (false, false),
        expects: false,
        hosts: 0,
    };

    /// Takes note of a field, and tells whether it is to be written as it is.
    fn passes(&mut self, name: &[u8], value: &[u8]) -> bool {
        match Known::of(name) {
            None => {}
            Some(Known::TransferEncoding) => return false,
            Some(Known::ContentLength) => {
                self.lengths = match (self.lengths, known::number(value)) {
                    (Lengths::None, Some(n)) => Lengths::One(n),
                    _ => Lengths::Bad,
                };
                return false;
            }
            Some(Known::Connection) => return self.connection(value),
            Some(Known::Date) => self.dated = true,
            Some(Known::Host) => self.hosts = self.hosts.saturating_add(1),
            Some(Known::Expect) => self.expects |= value.eq_ignore_ascii_case(b"100-continue"),
            Some(Known::Upgrade) => self.upgrade.1 |= !value.is_empty(),
        }
        true
    }

    /// `close` and `keep-alive` are ours to say; a list of other words is passed on.
    fn connection(&mut self, value: &[u8]) -> bool {
        let says = |word: &str| {
            known::list(value).any(|token| token.eq_ignore_ascii_case(word.as_bytes()))
        };
        self.close |= says("close");
        self.upgrade.0 |= says("upgrade");
        !(says("close") || says("keep-alive"))
    }
}

/// Whether the field says how the message is framed.
pub(super) fn is_framing(name: &[u8]) -> bool {
    matches!(Known::of(name), Some(Known::ContentLength | Known::TransferEncoding))
}

/// Writes one field line, unless there is something in it that would end it.
pub(super) fn field(name: &[u8], value: &[u8], out: &mut Vec<u8>) -> Result<(), ProtocolError> {
    if !is_token(name) || !is_value(value) {
        return Err(ProtocolError::ours(ErrorKind::UnwritableHead));
    }
    checked_field(name, value, out);
    Ok(())
}

/// Writes one field line, of types that hold to the grammar.
fn checked_field(name: &[u8], value: &[u8], out: &mut Vec<u8>) {
    out.reserve(name.len() + value.len() + 4);
    out.extend_from_slice(name);
    out.extend_from_slice(b": ");
    out.extend_from_slice(value);
    out.extend_from_slice(b"\r\n");
}

/// Writes `content-length`, in one piece.
pub(super) fn content_length(n: u64, out: &mut Vec<u8>) {
    length_line(n, b"\r\n", out);
}

/// Writes `content-length` as the last field of a head, and the head's end.
pub(super) fn last_content_length(n: u64, out: &mut Vec<u8>) {
    length_line(n, b"\r\n\r\n", out);
}

fn length_line<const N: usize>(n: u64, behind: &[u8; N], out: &mut Vec<u8>) {
    const NAME: usize = "content-length: ".len();
    let mut line = *b"content-length: ........................";
    let digits = match n {
        0..10 => 1,
        10..100 => 2,
        100..1000 => 3,
        _ => n.ilog10() as usize + 1,
    };
    let (value, rest) = line[NAME..].split_at_mut(digits);
    let mut left = n;
    for digit in value.iter_mut().rev() {
        *digit = b'0' + (left % 10) as u8;
        left /= 10;
    }
    rest[..N].copy_from_slice(behind);
    out.extend_from_slice(&line[..NAME + digits + N]);
}

/// Writes a request line (RFC 9112 §3).
pub(super) fn request_line(
    method: &Method,
    target: &[u8],
    modern: bool,
    out: &mut Vec<u8>,
) -> Result<(), ProtocolError> {
    if !is_target(target) {
        return Err(ProtocolError::ours(ErrorKind::UnwritableHead));
    }
    out.extend_from_slice(method.as_str().as_bytes());
    out.push(b' ');
    out.extend_from_slice(target);
    out.extend_from_slice(if modern { b" HTTP/1.1\r\n" } else { b" HTTP/1.0\r\n" });
    Ok(())
}

/// Writes a status line (RFC 9112 §4): always as HTTP/1.1, which is our version whatever theirs is.
#[inline(always)]
pub(super) fn status_line(status: StatusCode, out: &mut Vec<u8>) {
    let known: &[u8] = match status.as_u16() {
        100 => b"HTTP/1.1 100 Continue\r\n",
        200 => b"HTTP/1.1 200 OK\r\n",
        201 => b"HTTP/1.1 201 Created\r\n",
        202 => b"HTTP/1.1 202 Accepted\r\n",
        204 => b"HTTP/1.1 204 No Content\r\n",
        206 => b"HTTP/1.1 206 Partial Content\r\n",
        301 => b"HTTP/1.1 301 Moved Permanently\r\n",
        302 => b"HTTP/1.1 302 Found\r\n",
        303 => b"HTTP/1.1 303 See Other\r\n",
        304 => b"HTTP/1.1 304 Not Modified\r\n",
        400 => b"HTTP/1.1 400 Bad Request\r\n",
        401 => b"HTTP/1.1 401 Unauthorized\r\n",
        403 => b"HTTP/1.1 403 Forbidden\r\n",
        404 => b"HTTP/1.1 404 Not Found\r\n",
        405 => b"HTTP/1.1 405 Method Not Allowed\r\n",
        409 => b"HTTP/1.1 409 Conflict\r\n",
        422 => b"HTTP/1.1 422 Unprocessable Content\r\n",
        500 => b"HTTP/1.1 500 Internal Server Error\r\n",
        503 => b"HTTP/1.1 503 Service Unavailable\r\n",
        _ => return uncommon_status_line(status, out),
    };
    out.extend_from_slice(known);
}

fn uncommon_status_line(status: StatusCode, out: &mut Vec<u8>) {
    out.extend_from_slice(b"HTTP/1.1 ");
    out.extend_from_slice(status.as_str().as_bytes());
    out.push(b' ');
    out.extend_from_slice(phrase(status).as_bytes());
    out.extend_from_slice(b"\r\n");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_decimal() {
        for n in [0, 7, 10, 99, 12345, u64::MAX] {
            let mut out = Vec::new();
            content_length(n, &mut out);
            assert_eq!(out, format!("content-length: {n}\r\n").into_bytes());
        }
    }

    #[test]
    fn common_lines_say_what_the_registry_says() {
        for code in 100..=999 {
            let status = StatusCode::from_u16(code).unwrap();
            let (mut quick, mut slow) = (Vec::new(), Vec::new());
            status_line(status, &mut quick);
            uncommon_status_line(status, &mut slow);
            // The registry renamed 422; `http` keeps the older words.
            if code != 422 {
                assert_eq!(quick, slow, "{code}");
            }
        }
    }

    #[test]
    fn a_value_cannot_end_its_line() {
        let mut out = Vec::new();
        for value in [&b"a\r\nb: c"[..], b"a\nb", b"a\rb", b"a\0b"] {
            assert!(field(b"x", value, &mut out).is_err());
        }
        assert!(request_line(&Method::GET, b"/a b", true, &mut out).is_err());
        assert!(out.is_empty());
    }
}
