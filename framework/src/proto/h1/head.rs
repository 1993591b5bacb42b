//! Heads: from bytes to a line and a table of fields. The only file that knows `httparse`.
//!
//! The first look at a head parses it at once, since nearly always it is all there. If not, the
//! buffer searches for the empty line as the bytes come, and the head is parsed once more when it is
//! whole: at most two parses and one search, however the bytes were cut.
//!
//! `httparse` accepts line ends that we refuse. It gives slices, so where one ends and the next one
//! starts is known, and [`Slots::fill`] looks at the bytes between them.

use std::mem::MaybeUninit;

use bytes::Bytes;
use http::{HeaderValue, Method, StatusCode, Version, header};
use httparse::{Error as Fault, Header, ParserConfig, Status};

use super::buffer::Buffer;
use super::error::{ErrorKind, ProtocolError};
use super::judge;
use super::known::Facts;
use super::limits::Limits;
use super::role::Side;
use super::target::{self, Form};
use crate::text::{Fields, RequestHead, ResponseHead};

/// Reads a request's head (RFC 9112 §3) off the buffer, if it is whole.
pub(super) fn request(
    input: &mut Buffer,
    limits: &Limits,
) -> Result<Option<(RequestHead, Facts)>, ProtocolError> {
    if !skip_blank_line(input)? || !is_worth_parsing(Side::Server, input, limits)? {
        return Ok(None);
    }
    let mut slots = Slots::new();
    let parsed = match parse_request(input.bytes(), limits, &mut slots) {
        Parsed::LaterMinor => {
            parse_request(&as_1_1(Side::Server, input.bytes()), limits, &mut slots)
        }
        parsed => parsed,
    };
    let Some((line, len)) = whole(Side::Server, parsed, input, limits)? else { return Ok(None) };
    let Line::Request { method, target: (start, end), version } = line else {
        unreachable!("a request was parsed")
    };
    let mut facts = slots.facts;
    facts.version = version;
    let authority = checked_authority(&method, (start, end), &facts, input.bytes(), limits)?;
    let block = input.take(len);
    let target = block.slice(start..end);
    let mut fields = slots.list.into_fields(block);
    if let Some(authority) = authority {
        fields.insert(header::HOST, authority);
    }
    Ok(Some((RequestHead { method, target, version, fields }, facts)))
}

/// Reads a response's head (RFC 9112 §4) off the buffer, if it is whole.
pub(super) fn response(
    input: &mut Buffer,
    limits: &Limits,
) -> Result<Option<(ResponseHead, Facts)>, ProtocolError> {
    if !is_worth_parsing(Side::Client, input, limits)? {
        return Ok(None);
    }
    let mut slots = Slots::new();
    let parsed = match parse_response(input.bytes(), limits, &mut slots) {
        Parsed::LaterMinor => {
            parse_response(&as_1_1(Side::Client, input.bytes()), limits, &mut slots)
        }
        parsed => parsed,
    };
    let Some((line, len)) = whole(Side::Client, parsed, input, limits)? else { return Ok(None) };
    let Line::Response { status, version } = line else { unreachable!("a response was parsed") };
    let mut facts = slots.facts;
    facts.version = version;
    let fields = slots.list.into_fields(input.take(len));
    Ok(Some((ResponseHead { status, version, fields }, facts)))
}

/// Parses the lines of a trailer section, empty line included.
pub(super) fn section(block: Bytes, most: usize) -> Result<Fields, ErrorKind> {
    let mut room = vec![httparse::EMPTY_HEADER; most];
    let mut slots = Slots::new();
    match httparse::parse_headers(&block, &mut room) {
        Ok(Status::Complete((len, headers))) => {
            slots.fill(&block, 0, len, headers).ok_or(ErrorKind::BadLineEnd)?;
        }
        Err(Fault::TooManyHeaders) => return Err(ErrorKind::TrailersTooLarge),
        _ => return Err(ErrorKind::BadField),
    }
    Ok(slots.list.into_fields(block))
}

/// What one run of the parser found.
enum Parsed {
    Whole(Line, usize),
    Partial,
    Refused,
    /// HTTP/1.2 to 1.9, which `httparse` does not know. They are read as 1.1 (RFC 9110 §2.5).
    LaterMinor,
}

enum Line {
    Request { method: Method, target: (usize, usize), version: Version },
    Response { status: StatusCode, version: Version },
}

fn parse_request(bytes: &[u8], limits: &Limits, slots: &mut Slots) -> Parsed {
    let mut few = [const { MaybeUninit::uninit() }; MOST_ON_STACK];
    let mut many = Vec::new();
    let mut parsed = httparse::Request::new(&mut []);
    let len = match parsed
        .parse_with_uninit_headers(bytes, room(limits.fields, &mut few, &mut many))
    {
        Ok(Status::Complete(len)) => len,
        Ok(Status::Partial) => return Parsed::Partial,
        Err(Fault::Version) if is_later_minor(Side::Server, bytes) => return Parsed::LaterMinor,
        Err(_) => return Parsed::Refused,
    };
    let (Some(method), Some(path), Some(minor)) = (parsed.method, parsed.path, parsed.version)
    else {
        return Parsed::Refused;
    };
    let start = method.len() + 1;
    let end = start + path.len();
    let Ok(method) = Method::from_bytes(method.as_bytes()) else { return Parsed::Refused };
    // The blanks are single and the line ends with CR LF if the first field starts right here.
    let line = end + " HTTP/1.1\r\n".len();
    if bytes.get(line - 2..line) != Some(b"\r\n")
        || slots.fill(bytes, line, len, parsed.headers).is_none()
    {
        return Parsed::Refused;
    }
    Parsed::Whole(Line::Request { method, target: (start, end), version: version(minor) }, len)
}

fn parse_response(bytes: &[u8], limits: &Limits, slots: &mut Slots) -> Parsed {
    let mut few = [const { MaybeUninit::uninit() }; MOST_ON_STACK];
    let mut many = Vec::new();
    let mut parsed = httparse::Response::new(&mut []);
    let config = ParserConfig::default();
    let room = room(limits.fields, &mut few, &mut many);
    let len = match config.parse_response_with_uninit_headers(&mut parsed, bytes, room) {
        Ok(Status::Complete(len)) => len,
        Ok(Status::Partial) => return Parsed::Partial,
        Err(Fault::Version) if is_later_minor(Side::Client, bytes) => return Parsed::LaterMinor,
        Err(_) => return Parsed::Refused,
    };
    let (Some(code), Some(minor)) = (parsed.code, parsed.version) else { return Parsed::Refused };
    let Ok(status) = StatusCode::from_u16(code) else { return Parsed::Refused };
    let line = memchr::memchr(b'\n', bytes).map_or(0, |lf| lf + 1);
    if line < 2
        || bytes[line - 2] != b'\r'
        || slots.fill(bytes, line, len, parsed.headers).is_none()
    {
        return Parsed::Refused;
    }
    Parsed::Whole(Line::Response { status, version: version(minor) }, len)
}

const fn version(minor: u8) -> Version {
    if minor == 0 { Version::HTTP_10 } else { Version::HTTP_11 }
}

/// As many places as there may be fields; in nearly all cases without asking for memory.
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

/// Whether this is the first look at these bytes, or the head has become whole since.
fn is_worth_parsing(
    reader: Side,
    input: &mut Buffer,
    limits: &Limits,
) -> Result<bool, ProtocolError> {
    if input.is_fresh() {
        return Ok(!input.is_empty());
    }
    match input.section() {
        Ok(Some(_)) => Ok(true),
        Ok(None) => unfinished(reader, input, limits).map(|()| false),
        Err(_) => Err(fault(reader, input, limits, ErrorKind::BadLineEnd)),
    }
}

/// Sorts what the parser found into a head, none yet, and an error.
fn whole(
    reader: Side,
    parsed: Parsed,
    input: &mut Buffer,
    limits: &Limits,
) -> Result<Option<(Line, usize)>, ProtocolError> {
    match parsed {
        Parsed::Whole(line, len) if len <= limits.head => return Ok(Some((line, len))),
        Parsed::Whole(Line::Request { target: (start, end), .. }, _)
            if end - start > limits.target =>
        {
            return Err(ProtocolError::theirs(ErrorKind::TargetTooLong));
        }
        Parsed::Whole(..) => return Err(fault(reader, input, limits, ErrorKind::HeadTooLarge)),
        Parsed::Partial => {}
        Parsed::Refused | Parsed::LaterMinor => {
            if let Some(kind) = judge::fault(reader, input.bytes(), limits) {
                return Err(ProtocolError::theirs(kind));
            }
        }
    }
    // A whole head in which the judge found nothing is refused all the same.
    match input.is_fresh().then(|| input.section()) {
        Some(Ok(None)) => unfinished(reader, input, limits).map(|()| None),
        Some(Err(_)) => Err(fault(reader, input, limits, ErrorKind::BadLineEnd)),
        Some(Ok(Some(_))) | None => Err(fault(reader, input, limits, ErrorKind::BadField)),
    }
}

/// Looks at a head whose end has not come: it may already be too long or wrong. The first line is
/// judged once, as soon as it is there.
fn unfinished(reader: Side, input: &mut Buffer, limits: &Limits) -> Result<(), ProtocolError> {
    if input.len() >= limits.head {
        return Err(fault(reader, input, limits, ErrorKind::HeadTooLarge));
    }
    let long = input.len() > limits.target;
    if input.judged || !(long || input.bytes().contains(&b'\n')) {
        return Ok(());
    }
    input.judged = input.bytes().contains(&b'\n');
    match judge::fault(reader, input.bytes(), limits) {
        Some(kind) => Err(ProtocolError::theirs(kind)),
        None => Ok(()),
    }
}

/// The first fault, or this one if the lines have none.
fn fault(reader: Side, input: &Buffer, limits: &Limits, otherwise: ErrorKind) -> ProtocolError {
    ProtocolError::theirs(judge::fault(reader, input.bytes(), limits).unwrap_or(otherwise))
}

/// Checks target and `Host` (RFC 9112 §3.2). The authority of an absolute target, which is to take the
/// place of `Host` (§3.2.2), comes back.
fn checked_authority(
    method: &Method,
    (start, end): (usize, usize),
    facts: &Facts,
    bytes: &[u8],
    limits: &Limits,
) -> Result<Option<HeaderValue>, ProtocolError> {
    if end - start > limits.target {
        return Err(ProtocolError::theirs(ErrorKind::TargetTooLong));
    }
    let form = target::form(method, &bytes[start..end]).map_err(ProtocolError::theirs)?;
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

/// Where the version's minor digit stands, if the first line is there.
fn minor_at(reader: Side, bytes: &[u8]) -> Option<usize> {
    match reader {
        Side::Client => Some(7),
        Side::Server => memchr::memchr(b'\n', bytes)?.checked_sub(2),
    }
}

fn is_later_minor(reader: Side, bytes: &[u8]) -> bool {
    let version = minor_at(reader, bytes).and_then(|at| bytes.get(at.checked_sub(7)?..=at));
    matches!(version, Some([b'H', b'T', b'T', b'P', b'/', b'1', b'.', b'2'..=b'9']))
}

fn as_1_1(reader: Side, bytes: &[u8]) -> Vec<u8> {
    let mut copy = bytes.to_vec();
    if let Some(minor) = minor_at(reader, bytes) {
        copy[minor] = b'1';
    }
    copy
}

/// Where the fields lie, and what the known ones say.
struct Slots {
    list: List,
    facts: Facts,
}

/// Ranges of names and values. They are kept here while the parser still borrows the buffer.
struct List {
    few: [Slot; 32],
    more: Vec<Slot>,
    count: usize,
}

/// Start and end of a name, start and end of a value.
type Slot = [u32; 4];

impl Slots {
    fn new() -> Self {
        let list = List { few: [[0; 4]; 32], more: Vec::new(), count: 0 };
        Self { list, facts: Facts::new(Version::HTTP_11) }
    }

    /// Takes the fields over, if between them there is nothing but colons, blanks and CR LF.
    fn fill(
        &mut self,
        bytes: &[u8],
        line: usize,
        len: usize,
        headers: &[Header<'_>],
    ) -> Option<()> {
        let base = bytes.as_ptr() as usize;
        let mut edge = line;
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
            self.facts.note(header.name.as_bytes(), header.value, value);
            self.list.push([edge as u32, name_end as u32, value as u32, value_end as u32]);
            edge = after_line_end(bytes, value_end)?;
        }
        (bytes.get(edge..len) == Some(b"\r\n")).then_some(())
    }
}

impl List {
    fn push(&mut self, slot: Slot) {
        match self.few.get_mut(self.count) {
            Some(place) => *place = slot,
            None => self.more.push(slot),
        }
        self.count += 1;
    }

    fn into_fields(self, block: Bytes) -> Fields {
        if self.count == 0 {
            return Fields::new();
        }
        let mut fields = Fields::new();
        fields.set_block(block);
        let few = &self.few[..self.count.min(self.few.len())];
        for &[name, name_end, value, value_end] in few.iter().chain(&self.more) {
            fields.push_slice(name as usize..name_end as usize, value as usize..value_end as usize);
        }
        fields
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
