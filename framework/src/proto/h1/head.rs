//! Heads: from bytes to a line and a table of fields.
//!
//! The first look at a head parses it at once, since nearly always it is all there. If it is not, or
//! is not well-formed, the judge walks its lines as they come, and a head in which it found no fault
//! is parsed once more when it is whole: at most two parses and one walk, however the bytes were cut.
//!
//! The parser knows one answer besides yes: no. It need not say why, nor whether more bytes would help,
//! so it goes through the bytes once, in steps of many where it can.

use std::ops::Range;

use http::{HeaderValue, Method, StatusCode, Version, header};

use super::buffer::{Buffer, cost};
use super::error::{ErrorKind, ProtocolError};
use super::judge::{self, Section};
use super::known::Facts;
use super::lenience::Lenience;
use super::limits::Limits;
use super::scan::{is_value, name_length, target_length, value_length};
use super::target::{self, Form};
use crate::text::{Fields, RequestHead, RequestParts, ResponseHead};

/// Reads a request's head (RFC 9112 §3) off the buffer, if it is whole.
#[inline(always)]
pub(super) fn request(
    input: &mut Buffer,
    limits: &Limits,
    facts: &mut Facts,
) -> Result<Option<RequestHead>, ProtocolError> {
    if !skip_blank_line(input)? {
        return Ok(None);
    }
    let mut head = RequestHead::empty();
    let RequestParts { method, fields, .. } = &mut *head;
    let mut table = Table { fields, facts };
    let parse = |bytes: &[u8], limits: &Limits, table: &mut Table<'_>| {
        let ((token, target), len) = parse_request(bytes, limits, table)?;
        *method = token;
        Some((target, len))
    };
    let parsed = read(Section::Request, input, limits, &mut table, parse)?;
    let Some((target, len)) = parsed else { return Ok(None) };
    let authority = checked_authority(&head.method, target.clone(), facts, input.bytes())?;
    let block = input.take(len);
    head.target = block.slice(target);
    head.version = facts.version;
    if !head.fields.is_empty() {
        head.fields.set_block(block);
    }
    if let Some(authority) = authority {
        head.fields.insert(header::HOST, authority);
    }
    Ok(Some(head))
}

/// Reads a response's head (RFC 9112 §4) off the buffer, if it is whole.
pub(super) fn response(
    input: &mut Buffer,
    limits: &Limits,
    facts: &mut Facts,
) -> Result<Option<ResponseHead>, ProtocolError> {
    let mut fields = Fields::new();
    let mut table = Table { fields: &mut fields, facts };
    let parsed = read(Section::Response, input, limits, &mut table, parse_response)?;
    let Some((status, len)) = parsed else { return Ok(None) };
    // Without any field there is still the reason phrase.
    fields.set_block(input.take(len));
    Ok(Some(ResponseHead { status, version: facts.version, fields }))
}

/// Reads a trailer section (RFC 9112 §7.1.2), empty line included, off the buffer, if it is whole.
pub(super) fn trailers(
    input: &mut Buffer,
    limits: &Limits,
) -> Result<Option<Fields>, ProtocolError> {
    let mut facts = Facts::new(Version::HTTP_11);
    let mut fields = Fields::new();
    let mut table = Table { fields: &mut fields, facts: &mut facts };
    let parsed = read(Section::Trailers, input, limits, &mut table, parse_trailers)?;
    let Some(((), len)) = parsed else { return Ok(None) };
    let block = input.take(len);
    if !fields.is_empty() {
        fields.set_block(block);
    }
    Ok(Some(fields))
}

/// What a section begins with, and how long it is, if the parser found it to be whole and good.
type Parsed<L> = Option<(L, usize)>;

/// The parser's word if that is a quick yes; else the judge's.
#[inline(always)]
fn read<L>(
    section: Section,
    input: &mut Buffer,
    limits: &Limits,
    table: &mut Table<'_>,
    mut parse: impl FnMut(&[u8], &Limits, &mut Table<'_>) -> Parsed<L>,
) -> Result<Parsed<L>, ProtocolError> {
    let mut quickly = input.is_fresh();
    loop {
        let len = match quickly {
            true => Some(input.len()),
            false => judged(section, input, limits)?,
        };
        let Some(len) = len else { return Ok(None) };
        match parse(&input.bytes()[..len], limits, table) {
            Some(parsed) => return Ok(Some(parsed)),
            None if quickly => table.clear(),
            // What the parser refuses stays refused, even if the judge found no fault.
            None => return Err(ProtocolError::theirs(ErrorKind::BadField)),
        }
        quickly = false;
    }
}

/// How long the section is, if the judge has seen its end.
#[cold]
fn judged(
    section: Section,
    input: &mut Buffer,
    limits: &Limits,
) -> Result<Option<usize>, ProtocolError> {
    let len = judge::look(section, input, limits).map_err(ProtocolError::theirs)?;
    Ok(len.map(|len| Lenience::mend(section, input, len, limits)))
}

#[inline(always)]
fn parse_request(
    bytes: &[u8],
    limits: &Limits,
    table: &mut Table<'_>,
) -> Parsed<(Method, Range<usize>)> {
    cost::count(bytes.len());
    let (method, start) = match bytes {
        [b'G', b'E', b'T', b' ', ..] => (Method::GET, 4),
        _ => {
            let blank = memchr::memchr(b' ', bytes)?;
            (Method::from_bytes(&bytes[..blank]).ok()?, blank + 1)
        }
    };
    let end = start + target_length(&bytes[start..]);
    let (version, after) = bytes.get(end + 1..)?.split_first_chunk()?;
    let line = end + 1 + version.len() + 2;
    table.facts.version = parse_version(version)?;
    let good = after.starts_with(b"\r\n")
        && bytes[end] == b' '
        && (1..=limits.target).contains(&(end - start))
        && !judge::is_long_line(line, limits);
    let len = if good { table.fill(bytes, line, limits.fields)? } else { return None };
    (len <= limits.head).then_some(((method, start..end), len))
}

fn parse_response(bytes: &[u8], limits: &Limits, table: &mut Table<'_>) -> Parsed<StatusCode> {
    cost::count(bytes.len());
    let (version, after) = bytes.split_first_chunk()?;
    let (&[blank, hundreds, tens, ones], after) = after.split_first_chunk()?;
    let end = memchr::memchr(b'\r', after)?;
    let (reason, after) = after.split_at(end);
    let good = blank == b' '
        && after.starts_with(b"\r\n")
        && matches!(reason, [] | [b' ', ..])
        && is_value(reason);
    let status = StatusCode::from_bytes(&[hundreds, tens, ones]).ok()?;
    table.facts.version = parse_version(version)?;
    let line = bytes.len() - after.len() + 2;
    let len = if good { table.fill(bytes, line, limits.fields)? } else { return None };
    (len <= limits.head).then_some((status, len))
}

fn parse_trailers(bytes: &[u8], limits: &Limits, table: &mut Table<'_>) -> Parsed<()> {
    cost::count(bytes.len());
    let len = table.fill(bytes, 0, limits.trailer_fields)?;
    (len <= limits.trailer_bytes).then_some(((), len))
}

/// `HTTP/1.` DIGIT. Minors that nobody knows yet are read as 1.1 (RFC 9110 §2.5).
fn parse_version(text: &[u8; 8]) -> Option<Version> {
    match text {
        b"HTTP/1.1" => Some(Version::HTTP_11),
        b"HTTP/1.0" => Some(Version::HTTP_10),
        [b'H', b'T', b'T', b'P', b'/', b'1', b'.', b'2'..=b'9'] => Some(Version::HTTP_11),
        _ => None,
    }
}

/// Skips the one empty line that may stand before a request line (RFC 9112 §2.2), and tells whether
/// there is anything behind it.
fn skip_blank_line(input: &mut Buffer) -> Result<bool, ProtocolError> {
    match input.bytes() {
        [b'\r', b'\n', ..] if !input.skipped => {
            input.skip(2);
            input.skipped = true;
            skip_blank_line(input)
        }
        [b'\r'] if !input.skipped => Ok(false),
        [b'\r' | b'\n', ..] => Err(ProtocolError::theirs(ErrorKind::BadRequestLine)),
        bytes => Ok(!bytes.is_empty()),
    }
}

/// Checks target and `Host` (RFC 9112 §3.2). The authority of an absolute target, which is to take the
/// place of `Host` (§3.2.2), comes back.
fn checked_authority(
    method: &Method,
    target: Range<usize>,
    facts: &Facts,
    bytes: &[u8],
) -> Result<Option<HeaderValue>, ProtocolError> {
    let form = target::form(method, &bytes[target]).map_err(ProtocolError::theirs)?;
    let needed = facts.version == Version::HTTP_11;
    let good = match facts.hosts {
        0 => !needed,
        1 => target::is_host_again(&bytes[facts.host.clone()]),
        _ => false,
    };
    match form {
        _ if !good => Err(ProtocolError::theirs(ErrorKind::BadHost)),
        Form::Absolute { authority } => Ok(HeaderValue::from_bytes(authority).ok()),
        _ => Ok(None),
    }
}

/// The fields of a section, and what the known ones say.
struct Table<'f> {
    fields: &'f mut Fields,
    facts: &'f mut Facts,
}

impl Table<'_> {
    fn clear(&mut self) {
        self.fields.clear();
        *self.facts = Facts::new(Version::HTTP_11);
    }

    /// Takes the fields over that start at `at`, if there are no more than `most`, and tells where the empty
    /// line behind them ends.
    fn fill(&mut self, bytes: &[u8], mut at: usize, most: usize) -> Option<usize> {
        let mut left = &bytes[at..];
        if left.starts_with(b"\r\n") {
            return Some(at + 2);
        }
        let mut lines = self.fields.lines(bytes)?;
        for _ in 0..most {
            let (name, after) = left.split_at(name_length(left));
            let [b':', after @ ..] = after else { return None };
            let after = after_blanks(after);
            let (value, [b'\r', b'\n', next @ ..]) = after.split_at(value_length(after)) else {
                return None;
            };
            if name.is_empty() {
                return None;
            }
            let begin = bytes.len() - after.len();
            let value = before_blanks(value);
            self.facts.note(name, value, begin);
            lines.push(name, at, begin..begin + value.len());
            at = bytes.len() - next.len();
            left = next;
            if left.starts_with(b"\r\n") {
                return Some(at + 2);
            }
        }
        None
    }
}

/// The text without the blanks at its front: nearly always one.
#[inline]
fn after_blanks(text: &[u8]) -> &[u8] {
    match text {
        [b' ', b'!'..=b'~', ..] => &text[1..],
        _ => {
            let blanks = text.iter().take_while(|byte| is_blank(**byte)).count();
            &text[blanks..]
        }
    }
}

/// The text without the blanks at its end: nearly always none.
#[inline]
fn before_blanks(text: &[u8]) -> &[u8] {
    match text {
        [.., last] if is_blank(*last) => {
            let blanks = text.iter().rev().take_while(|byte| is_blank(**byte)).count();
            &text[..text.len() - blanks]
        }
        _ => text,
    }
}

const fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t')
}

#[cfg(test)]
mod tests;
