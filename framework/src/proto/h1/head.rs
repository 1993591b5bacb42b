//! Heads: from bytes to a line and a table of fields. The only file that knows `httparse`.
//!
//! The first look at a head parses it at once, since nearly always it is all there. If it is not, or
//! is not well-formed, the judge walks its lines as they come, and a head in which it found no fault
//! is parsed once more when it is whole: at most two parses and one walk, however the bytes were cut.
//!
//! `httparse` accepts line ends that we refuse. It gives slices, so where one ends and the next one
//! starts is known, and [`Table::fill`] looks at the bytes between them.

use std::mem::MaybeUninit;
use std::ops::Range;

use bytes::Bytes;
use http::{HeaderValue, Method, StatusCode, Version, header};
use httparse::{Header, ParserConfig, Status};

use super::buffer::{Buffer, cost};
use super::error::{ErrorKind, ProtocolError};
use super::judge::{self, Section};
use super::known::Facts;
use super::limits::Limits;
use super::target::{self, Form};
use crate::text::{Fields, RequestHead, ResponseHead};

/// Reads a request's head (RFC 9112 §3) off the buffer, if it is whole.
pub(super) fn request(
    input: &mut Buffer,
    limits: &Limits,
) -> Result<Option<(RequestHead, Facts)>, ProtocolError> {
    if !skip_blank_line(input)? {
        return Ok(None);
    }
    let parsed = read(Section::Request, input, limits, |bytes| parse_request(bytes, limits))?;
    let Some(Parsed { line: (method, target), len, mut table }) = parsed else { return Ok(None) };
    let authority = checked_authority(&method, target.clone(), &table.facts, input.bytes())?;
    let block = input.take(len);
    let target = block.slice(target);
    table.set_block(block);
    if let Some(authority) = authority {
        table.fields.insert(header::HOST, authority);
    }
    let Table { fields, facts } = table;
    Ok(Some((RequestHead { method, target, version: facts.version, fields }, facts)))
}

/// Reads a response's head (RFC 9112 §4) off the buffer, if it is whole.
pub(super) fn response(
    input: &mut Buffer,
    limits: &Limits,
) -> Result<Option<(ResponseHead, Facts)>, ProtocolError> {
    let parsed = read(Section::Response, input, limits, |bytes| parse_response(bytes, limits))?;
    let Some(Parsed { line: status, len, mut table }) = parsed else { return Ok(None) };
    table.set_block(input.take(len));
    let Table { fields, facts } = table;
    Ok(Some((ResponseHead { status, version: facts.version, fields }, facts)))
}

/// Reads a trailer section (RFC 9112 §7.1.2), empty line included, off the buffer, if it is whole.
pub(super) fn trailers(
    input: &mut Buffer,
    limits: &Limits,
) -> Result<Option<Fields>, ProtocolError> {
    let parsed = read(Section::Trailers, input, limits, |bytes| parse_trailers(bytes, limits))?;
    let Some(Parsed { len, mut table, .. }) = parsed else { return Ok(None) };
    table.set_block(input.take(len));
    Ok(Some(table.fields))
}

/// A section that the parser found to be whole and good.
struct Parsed<L> {
    line: L,
    len: usize,
    table: Table,
}

/// The parser's word if that is a quick yes; else the judge's.
fn read<L>(
    section: Section,
    input: &mut Buffer,
    limits: &Limits,
    parse: impl Fn(&[u8]) -> Option<Parsed<L>>,
) -> Result<Option<Parsed<L>>, ProtocolError> {
    if input.is_fresh()
        && let Some(parsed) = parse(input.bytes())
    {
        return Ok(Some(parsed));
    }
    let Some(len) = judge::look(section, input, limits).map_err(ProtocolError::theirs)? else {
        return Ok(None);
    };
    let bytes = &input.bytes()[..len];
    let parsed = match later_minor(section, bytes) {
        Some(at) => parse(&[&bytes[..at], b"1", &bytes[at + 1..]].concat()),
        None => parse(bytes),
    };
    // What the parser refuses stays refused, even if the judge found no fault.
    parsed.map(Some).ok_or(ProtocolError::theirs(ErrorKind::BadField))
}

fn parse_request(bytes: &[u8], limits: &Limits) -> Option<Parsed<(Method, Range<usize>)>> {
    cost::count(bytes.len());
    let mut few = [const { MaybeUninit::uninit() }; MOST_ON_STACK];
    let mut many = Vec::new();
    let mut parsed = httparse::Request::new(&mut []);
    let room = room(limits.fields, &mut few, &mut many);
    let Ok(Status::Complete(len)) = parsed.parse_with_uninit_headers(bytes, room) else {
        return None;
    };
    let (method, path) = (parsed.method?, parsed.path?);
    let target = method.len() + 1..method.len() + 1 + path.len();
    // The blanks are single and the line ends with CR LF if the first field starts right here.
    let line = target.end + " HTTP/1.1\r\n".len();
    let bounded = len <= limits.head
        && target.len() <= limits.target
        && !judge::is_long_line(line, limits)
        && bytes.get(line - 2..line) == Some(b"\r\n");
    let table =
        bounded.then(|| Table::fill(bytes, line..len, parsed.version?, parsed.headers))??;
    let method = Method::from_bytes(method.as_bytes()).ok()?;
    Some(Parsed { line: (method, target), len, table })
}

fn parse_response(bytes: &[u8], limits: &Limits) -> Option<Parsed<StatusCode>> {
    cost::count(bytes.len());
    let mut few = [const { MaybeUninit::uninit() }; MOST_ON_STACK];
    let mut many = Vec::new();
    let mut parsed = httparse::Response::new(&mut []);
    let config = ParserConfig::default();
    let room = room(limits.fields, &mut few, &mut many);
    let Ok(Status::Complete(len)) =
        config.parse_response_with_uninit_headers(&mut parsed, bytes, room)
    else {
        return None;
    };
    let status = StatusCode::from_u16(parsed.code?).ok()?;
    let line = memchr::memchr(b'\n', bytes)? + 1;
    let bounded = len <= limits.head && bytes.get(line.checked_sub(2)?) == Some(&b'\r');
    let table =
        bounded.then(|| Table::fill(bytes, line..len, parsed.version?, parsed.headers))??;
    Some(Parsed { line: status, len, table })
}

fn parse_trailers(bytes: &[u8], limits: &Limits) -> Option<Parsed<()>> {
    cost::count(bytes.len());
    let bytes = &bytes[..bytes.len().min(limits.trailer_bytes)];
    if bytes.starts_with(b"\r\n") {
        return Some(Parsed { line: (), len: 2, table: Table::default() });
    }
    let mut room = vec![httparse::EMPTY_HEADER; limits.trailer_fields];
    let Ok(Status::Complete((len, headers))) = httparse::parse_headers(bytes, &mut room) else {
        return None;
    };
    Some(Parsed { line: (), len, table: Table::fill(bytes, 0..len, 1, headers)? })
}

/// As many places as there may be fields; in nearly all cases without asking for memory. They are not
/// written to before the parser does.
fn room<'s, 'b>(
    fields: usize,
    few: &'s mut [MaybeUninit<Header<'b>>],
    many: &'s mut Vec<MaybeUninit<Header<'b>>>,
) -> &'s mut [MaybeUninit<Header<'b>>] {
    if fields <= few.len() {
        return &mut few[..fields];
    }
    many.resize_with(fields, MaybeUninit::uninit);
    many
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
        1 => target::is_host(&bytes[facts.host.clone()]),
        _ => false,
    };
    match form {
        _ if !good => Err(ProtocolError::theirs(ErrorKind::BadHost)),
        Form::Absolute { authority } => Ok(HeaderValue::from_bytes(authority).ok()),
        _ => Ok(None),
    }
}

/// Where the minor digit stands in HTTP/1.2 to 1.9, which `httparse` does not know. They are read as
/// 1.1 (RFC 9110 §2.5).
fn later_minor(section: Section, bytes: &[u8]) -> Option<usize> {
    let at = match section {
        Section::Request => memchr::memchr(b'\n', bytes)?.checked_sub(2)?,
        Section::Response => 7,
        Section::Trailers => return None,
    };
    matches!(bytes.get(at), Some(b'2'..=b'9')).then_some(at)
}

/// The fields of a section, and what the known ones say.
struct Table {
    fields: Fields,
    facts: Facts,
}

impl Default for Table {
    fn default() -> Self {
        Self { fields: Fields::new(), facts: Facts::new(Version::HTTP_11) }
    }
}

impl Table {
    /// Takes the fields over, if there is nothing at `place` but names, colons, blanks, values and CR LF.
    fn fill(bytes: &[u8], place: Range<usize>, minor: u8, headers: &[Header<'_>]) -> Option<Self> {
        let mut table = Self::default();
        if minor == 0 {
            table.facts.version = Version::HTTP_10;
        }
        let base = bytes.as_ptr() as usize;
        let mut edge = place.start;
        for header in headers {
            let name_end = edge + header.name.len();
            if header.name.as_ptr() as usize - base != edge || bytes.get(name_end) != Some(&b':') {
                return None;
            }
            // The slice of an empty value may lie anywhere.
            let value = match header.value {
                [] => name_end + 1,
                value => value.as_ptr() as usize - base,
            };
            let value_end = value + header.value.len();
            table.facts.note(header.name.as_bytes(), header.value, value);
            table.fields.push_slice(edge..name_end, value..value_end);
            edge = after_line_end(bytes, value_end)?;
        }
        (bytes.get(edge..place.end) == Some(b"\r\n")).then_some(table)
    }

    /// Gives the fields, if there are any, the bytes that they are slices of.
    fn set_block(&mut self, block: Bytes) {
        if !self.fields.is_empty() {
            self.fields.set_block(block);
        }
    }
}

/// Where the next line starts, if after some blanks this one ends with CR LF.
fn after_line_end(bytes: &[u8], mut at: usize) -> Option<usize> {
    while matches!(bytes.get(at)?, b' ' | b'\t') {
        at += 1;
    }
    (bytes.get(at..at + 2)? == b"\r\n").then_some(at + 2)
}

/// Up to so many fields are parsed without asking for memory.
const MOST_ON_STACK: usize = 256;

#[cfg(test)]
mod tests;
