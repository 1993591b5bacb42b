//! An answer, read strictly as it comes: a status line, fields, and content by length or in chunks.
//!
//! Not a whole client: no interim answers, no answers to HEAD, no content that ends with the connection. Whatever is
//! not quite right is an error, because a server that says wrong things is not to be measured.

use std::borrow::Cow;
use std::fmt;
use std::sync::LazyLock;

use memchr::memmem::Finder;
use memchr::{memchr, memchr2};

/// Reads one answer after the other.
#[derive(Debug, Default)]
pub(super) struct Reader {
    state: State,
    /// A head or a line whose end is yet to come.
    begun: Vec<u8>,
    answer: Answer,
}

/// What is known of an answer.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Answer {
    pub(super) status: u16,
    /// How much content there was.
    pub(super) length: u64,
    /// Whether the server closes after it.
    pub(super) closes: bool,
}

/// What is wrong with an answer.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Wrong(&'static str);

#[derive(Clone, Copy, Debug, Default, PartialEq)]
enum State {
    #[default]
    Head,
    /// So much is yet to come.
    Content(u64),
    ChunkSize,
    Chunk(u64),
    ChunkEnd,
    Trailers,
}

impl Reader {
    /// Takes bytes off the front until an answer is whole or there are none left; `content` gets what is content.
    pub(super) fn read(
        &mut self,
        bytes: &mut &[u8],
        mut content: impl FnMut(&[u8]),
    ) -> Result<Option<Answer>, Wrong> {
        while !bytes.is_empty() {
            self.state = match self.state {
                State::Head => self.head(bytes)?,
                State::Content(left) => State::Content(self.content(bytes, left, &mut content)),
                State::Chunk(left) => match self.content(bytes, left, &mut content) {
                    0 => State::ChunkEnd,
                    left => State::Chunk(left),
                },
                line => self.line(line, bytes)?,
            };
            if self.state == State::Content(0) {
                self.state = State::Head;
                return Ok(Some(std::mem::take(&mut self.answer)));
            }
        }
        Ok(None)
    }

    fn content(&mut self, bytes: &mut &[u8], left: u64, sink: &mut impl FnMut(&[u8])) -> u64 {
        let here = usize::try_from(left).unwrap_or(usize::MAX).min(bytes.len());
        let (piece, rest) = bytes.split_at(here);
        *bytes = rest;
        sink(piece);
        self.answer.length += piece.len() as u64;
        left - piece.len() as u64
    }

    fn head(&mut self, bytes: &mut &[u8]) -> Result<State, Wrong> {
        let Some(head) = self.until(bytes, &HEAD_END)? else { return Ok(State::Head) };
        let mut lines = Lines(Some(&head));
        self.answer.status = status(lines.next().unwrap_or(Ok(b"")))?;
        let mut framing = None;
        for line in lines {
            self.field(line?, &mut framing)?;
        }
        match framing {
            Some(state) => Ok(state),
            None if self.answer.status == 204 => Ok(State::Content(0)),
            None => Err(Wrong("an answer without a length")),
        }
    }

    fn field(&mut self, line: &[u8], framing: &mut Option<State>) -> Result<(), Wrong> {
        let colon = memchr(b':', line).ok_or(Wrong("a field without a colon"))?;
        let (name, value) = (&line[..colon], line[colon + 1..].trim_ascii());
        if name.is_empty() || name.iter().any(|byte| !byte.is_ascii_graphic()) {
            return Err(Wrong("a field without a good name"));
        }
        let found = match name.len() {
            10 if name.eq_ignore_ascii_case(b"connection") => {
                self.answer.closes = value.eq_ignore_ascii_case(b"close");
                return Ok(());
            }
            14 if name.eq_ignore_ascii_case(b"content-length") => {
                State::Content(number(value, 10)?)
            }
            17 if name.eq_ignore_ascii_case(b"transfer-encoding") && value == b"chunked" => {
                State::ChunkSize
            }
            17 if name.eq_ignore_ascii_case(b"transfer-encoding") => {
                return Err(Wrong("a transfer coding that is not chunked"));
            }
            _ => return Ok(()),
        };
        match framing.replace(found) {
            None => Ok(()),
            Some(_) => Err(Wrong("an answer with two lengths")),
        }
    }

    fn line(&mut self, state: State, bytes: &mut &[u8]) -> Result<State, Wrong> {
        let Some(line) = self.until(bytes, &LINE_END)? else { return Ok(state) };
        match (state, line.is_empty()) {
            (State::ChunkSize, _) => {
                let size = line.split(|&byte| byte == b';').next().unwrap_or_default();
                Ok(match number(size, 16)? {
                    0 => State::Trailers,
                    size => State::Chunk(size),
                })
            }
            (State::ChunkEnd, true) => Ok(State::ChunkSize),
            (State::ChunkEnd, false) => Err(Wrong("a chunk that is longer than it says")),
            (_, true) => Ok(State::Content(0)),
            (_, false) => Ok(State::Trailers),
        }
    }

    /// What stands before the next `end`, once that has come.
    fn until<'a>(
        &mut self,
        bytes: &mut &'a [u8],
        end: &Finder<'_>,
    ) -> Result<Option<Cow<'a, [u8]>>, Wrong> {
        if self.begun.is_empty()
            && let Some(at) = end.find(bytes)
        {
            let whole = &bytes[..at];
            *bytes = &bytes[at + end.needle().len()..];
            return Ok(Some(Cow::Borrowed(whole)));
        }
        let before = self.begun.len();
        let from = before.saturating_sub(end.needle().len() - 1);
        self.begun.extend_from_slice(bytes);
        let Some(at) = end.find(&self.begun[from..]).map(|at| from + at) else {
            *bytes = &[];
            let fits = self.begun.len() <= LONGEST;
            return if fits { Ok(None) } else { Err(Wrong("a head or a line that does not end")) };
        };
        *bytes = &bytes[at + end.needle().len() - before..];
        let mut whole = std::mem::take(&mut self.begun);
        whole.truncate(at);
        Ok(Some(Cow::Owned(whole)))
    }
}

/// The lines of a head, of which the last has no end.
struct Lines<'a>(Option<&'a [u8]>);

impl<'a> Iterator for Lines<'a> {
    type Item = Result<&'a [u8], Wrong>;

    fn next(&mut self) -> Option<Self::Item> {
        let rest = self.0?;
        let end = memchr2(b'\r', b'\n', rest);
        let line = &rest[..end.unwrap_or(rest.len())];
        self.0 = end.map(|at| &rest[at..]).map(|rest| rest.strip_prefix(b"\r\n").unwrap_or(rest));
        match self.0 {
            Some([b'\r' | b'\n', ..]) => Some(Err(Wrong("a line that does not end in CR LF"))),
            _ => Some(Ok(line)),
        }
    }
}

/// `HTTP/1.1 200 OK`
fn status(line: Result<&[u8], Wrong>) -> Result<u16, Wrong> {
    match line?.strip_prefix(b"HTTP/1.1 ") {
        Some([a @ b'2'..=b'5', b @ b'0'..=b'9', c @ b'0'..=b'9', b' ', ..]) => {
            Ok([a, b, c].iter().fold(0, |status, digit| status * 10 + u16::from(*digit - b'0')))
        }
        _ => Err(Wrong("a status line that is not `HTTP/1.1`, a final status and a space")),
    }
}

fn number(digits: &[u8], radix: u32) -> Result<u64, Wrong> {
    let digits = std::str::from_utf8(digits).unwrap_or_default();
    let signed = digits.starts_with(['+', '-']);
    match u64::from_str_radix(digits, radix) {
        Ok(number) if !signed => Ok(number),
        _ => Err(Wrong("a length that is no number")),
    }
}

impl fmt::Display for Wrong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl std::error::Error for Wrong {}

/// What ends a head.
static HEAD_END: LazyLock<Finder<'_>> = LazyLock::new(|| Finder::new("\r\n\r\n"));

/// What ends a line.
static LINE_END: LazyLock<Finder<'_>> = LazyLock::new(|| Finder::new("\r\n"));

/// How long a head may be.
const LONGEST: usize = 512 * 1024;

#[cfg(test)]
mod tests {
    use super::*;

    /// Three answers: by length, in chunks, without content.
    const ANSWERS: &[u8] = b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\nServer: x\r\n\r\nhello\
        HTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\n\r\n3;x=y\r\nabc\r\n0A\r\n0123456789\r\n0\r\nX: y\r\n\r\n\
        HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n";

    /// What is read of bytes that come in these pieces.
    fn read<'a>(
        pieces: impl IntoIterator<Item = &'a [u8]>,
    ) -> Result<(Vec<Answer>, Vec<u8>), Wrong> {
        let (mut reader, mut answers, mut content) = (Reader::default(), Vec::new(), Vec::new());
        for mut piece in pieces {
            while let Some(answer) = reader.read(&mut piece, |it| content.extend_from_slice(it))? {
                answers.push(answer);
            }
        }
        Ok((answers, content))
    }

    fn wrong(answer: &str) -> &'static str {
        read([answer.as_bytes()]).unwrap_err().0
    }

    #[test]
    fn reads_alike_wherever_it_is_cut() {
        let answer = |status, length, closes| Answer { status, length, closes };
        let answers = vec![answer(200, 5, false), answer(201, 13, false), answer(204, 0, true)];
        let expected = (answers, b"helloabc0123456789".to_vec());
        assert_eq!(read([ANSWERS]).unwrap(), expected);
        assert_eq!(read(ANSWERS.chunks(1)).unwrap(), expected);
        for at in 0..ANSWERS.len() {
            let (a, b) = ANSWERS.split_at(at);
            assert_eq!(read([a, b]).unwrap(), expected, "cut at {at}");
        }
    }

    #[test]
    fn an_answer_that_is_not_whole_is_none() {
        for at in 0..49 {
            assert!(read([&ANSWERS[..at]]).unwrap().0.is_empty(), "cut at {at}");
        }
    }

    #[test]
    fn refuses_what_is_not_quite_right() {
        for head in
            ["HTTP/1.0 200 OK", "HTTP/1.1 100 Continue", "HTTP/1.1 20 OK", "HTTP/1.1 200", ""]
        {
            assert!(wrong(&format!("{head}\r\n\r\n")).starts_with("a status line"), "{head}");
        }
        let fields = [
            ("no colon", "a field without a colon"),
            ("a b: c", "a field without a good name"),
            (": c", "a field without a good name"),
            ("a: b\nc: d", "a line that does not end in CR LF"),
            ("a: b\rc: d", "a line that does not end in CR LF"),
            ("content-length: 1\r\ncontent-length: 1", "an answer with two lengths"),
            ("content-length: 1\r\ntransfer-encoding: chunked", "an answer with two lengths"),
            ("transfer-encoding: gzip", "a transfer coding that is not chunked"),
            ("content-length: +1", "a length that is no number"),
            ("content-length: ", "a length that is no number"),
            ("server: x", "an answer without a length"),
        ];
        for (fields, words) in fields {
            assert_eq!(wrong(&format!("HTTP/1.1 200 OK\r\n{fields}\r\n\r\n")), words, "{fields}");
        }
        let chunks = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n";
        assert_eq!(wrong(&format!("{chunks}x\r\n")), "a length that is no number");
        assert_eq!(wrong(&format!("{chunks}1\r\nab\r\n")), "a chunk that is longer than it says");
        let endless = format!("HTTP/1.1 200 OK\r\na: {}", "b".repeat(LONGEST));
        assert_eq!(wrong(&endless), "a head or a line that does not end");
    }
}
