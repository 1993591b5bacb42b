//! The judge: tells which rule a malformed head broke first.
//!
//! The parser in `head` says quickly whether a head is well-formed. When it is not, this walks the
//! lines in order and names the first fault, so that the same bytes are refused for the same reason
//! however they were cut. It never runs for a good head that came in one piece.

use super::error::ErrorKind;
use super::known::{is_tchar, is_token, is_value_byte};
use super::limits::Limits;
use super::role::Side;
use super::target::is_target;

/// The first fault in the lines of a head, finished or not, as far as they are there.
pub(super) fn fault(reader: Side, bytes: &[u8], limits: &Limits) -> Option<ErrorKind> {
    let bytes = &bytes[..bytes.len().min(limits.head)];
    let mut lines = bytes.split_inclusive(|&byte| byte == b'\n');
    if let Some(fault) = start_line(reader, lines.next()?, limits) {
        return Some(fault);
    }
    let mut fields = 0;
    for line in lines {
        match ended(line) {
            Ok(None) | Ok(Some(b"")) => return None,
            Ok(Some(line)) if !is_field(line) => return Some(ErrorKind::BadField),
            Ok(Some(_)) => fields += 1,
            Err(fault) => return Some(fault),
        }
        if fields > limits.fields {
            return Some(ErrorKind::TooManyFields);
        }
    }
    None
}

fn start_line(reader: Side, line: &[u8], limits: &Limits) -> Option<ErrorKind> {
    let server = matches!(reader, Side::Server);
    if server && line.len() > limits.target + MOST_BESIDE_TARGET {
        return Some(ErrorKind::TargetTooLong);
    }
    match (ended(line), server) {
        (Err(fault), _) => Some(fault),
        (Ok(None), true) => (!is_tchar(line[0])).then_some(ErrorKind::BadRequestLine),
        (Ok(None), false) => {
            let known = line.len().min(5);
            (line[..known] != b"HTTP/"[..known]).then_some(ErrorKind::BadStatusLine)
        }
        (Ok(Some(line)), true) => request_line(line, limits).err(),
        (Ok(Some(line)), false) => status_line(line).err(),
    }
}

/// The line without its end; nothing if the end is not there yet.
fn ended(line: &[u8]) -> Result<Option<&[u8]>, ErrorKind> {
    match line {
        [line @ .., b'\r', b'\n'] => Ok(Some(line)),
        [.., b'\n'] => Err(ErrorKind::BadLineEnd),
        _ => Ok(None),
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
        return Err(ErrorKind::TargetTooLong);
    }
    if !is_target(target) {
        return Err(if target.is_empty() {
            ErrorKind::BadRequestLine
        } else {
            ErrorKind::BadTarget
        });
    }
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
        && reason.iter().all(|&byte| is_value_byte(byte));
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

fn is_field(line: &[u8]) -> bool {
    let colon = line.iter().position(|&byte| byte == b':');
    let Some((name, value)) = colon.map(|colon| line.split_at(colon)) else { return false };
    is_token(name) && value.iter().all(|&byte| is_value_byte(byte))
}

/// Room in a request line for the method, the version and the blanks.
const MOST_BESIDE_TARGET: usize = 256;

#[cfg(test)]
mod tests {
    use super::*;

    fn request(bytes: &[u8]) -> Option<ErrorKind> {
        fault(Side::Server, bytes, &Limits::server())
    }

    #[test]
    fn the_first_fault_is_named() {
        assert_eq!(request(b"GET / HTTP/1.1\r\nbad\r\na: b\n\r\n"), Some(ErrorKind::BadField));
        assert_eq!(request(b"GET / HTTP/1.1\r\na: b\nbad\r\n\r\n"), Some(ErrorKind::BadLineEnd));
        assert_eq!(request(b"GET / HTTP/1.1\r\na: b\r\n\r\nbad"), None);
    }

    #[test]
    fn unfinished_lines_are_given_time() {
        assert_eq!(request(b"GE"), None);
        assert_eq!(request(b"GET / HTTP/1.1\r\nno colon yet"), None);
        assert_eq!(request(b"\x16\x03\x01"), Some(ErrorKind::BadRequestLine));
        assert_eq!(fault(Side::Client, b"HT", &Limits::client()), None);
        assert_eq!(
            fault(Side::Client, b"Hello", &Limits::client()),
            Some(ErrorKind::BadStatusLine)
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
            assert_eq!(request(format!("{line}\r\n").as_bytes()), Some(kind), "{line}");
        }
    }
}
