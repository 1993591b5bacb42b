//! Lenience: what old peers get wrong, and a reader may be told to put up with.
//!
//! Nothing of it is on by default. A head that needs it is written anew, as a strict one, and then read like any
//! other; so there is one parser, and whoever sends good heads pays nothing.

use bytes::{BufMut, BytesMut};

use super::buffer::Buffer;
use super::judge::{Section, is_field};
use super::limits::Limits;

/// Breaches of the grammar that a reader puts up with. None by default: where two readers on one road differ in
/// any of these, a message can be smuggled between them.
///
/// ```
/// use std::sync::Arc;
/// use counterpart::proto::h1::{Client, Conn, Limits};
///
/// let mut limits = Limits::client();
/// limits.lenient.line_feeds = true;
/// limits.lenient.folds = true;
/// let conn = Conn::<Client>::new(Arc::new(limits));
/// # drop(conn);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Lenience {
    /// A line of a head may end with LF alone (RFC 9112 §2.2). Of requests too, though only a server that stands
    /// behind no proxy should allow it.
    pub line_feeds: bool,
    /// A field line of a response may go on in the next one, which begins with a blank; one blank takes the place
    /// of the break (RFC 9112 §5.2).
    pub folds: bool,
    /// Lines of a response's head that are no field are skipped, those with a blank before the colon among them.
    pub junk: bool,
    /// The stream of a response may end right behind the line of its last chunk, without the empty line that ends
    /// the trailers.
    pub cut_trailers: bool,
}

impl Lenience {
    /// Nothing is put up with.
    pub(super) const NONE: Self =
        Self { line_feeds: false, folds: false, junk: false, cut_trailers: false };

    /// What holds for a section: requests are read by servers, who put up with the least.
    const fn of(section: Section, limits: &Limits) -> Self {
        match section {
            Section::Request => Self { line_feeds: limits.lenient.line_feeds, ..Self::NONE },
            Section::Response => limits.lenient,
            Section::Trailers => Self::NONE,
        }
    }

    /// The line without its end, if it has one that is allowed.
    pub(super) fn line<'l>(section: Section, line: &'l [u8], limits: &Limits) -> Option<&'l [u8]> {
        let strict = line.strip_suffix(b"\r\n");
        match Self::of(section, limits).line_feeds {
            true => strict.or_else(|| line.strip_suffix(b"\n")),
            false => strict,
        }
    }

    /// Whether a line that is no field may stand there all the same. `place` counts from the first line of the head.
    pub(super) fn allows(section: Section, line: &[u8], place: usize, limits: &Limits) -> bool {
        let lenient = Self::of(section, limits);
        lenient.junk || (lenient.folds && place > 1 && is_fold(line))
    }

    /// Writes the first `len` bytes of the input, a section in which only allowed faults were found, as a strict one.
    /// Tells how long that is.
    pub(super) fn mend(section: Section, input: &mut Buffer, len: usize, limits: &Limits) -> usize {
        let lenient = Self::of(section, limits);
        if lenient == Self::NONE {
            return len;
        }
        let bytes = input.bytes();
        let mut mended = BytesMut::with_capacity(bytes.len() + MARGIN);
        let mut kept = false;
        for (place, line) in bytes[..len].split_inclusive(|&byte| byte == b'\n').enumerate() {
            let line = line.strip_suffix(b"\n").unwrap_or(line);
            let line = line.strip_suffix(b"\r").unwrap_or(line);
            let continues = lenient.folds && place > 1 && is_fold(line);
            if continues && kept {
                mended.truncate(mended.len() - 2);
                mended.put_u8(b' ');
                mended.put_slice(line.trim_ascii());
            } else if place == 0 || line.is_empty() || (is_field(line) && !continues) {
                mended.put_slice(line);
                kept = place > 0;
            } else {
                // What goes on a line that was skipped is skipped with it.
                kept = false;
                continue;
            }
            mended.put_slice(b"\r\n");
        }
        let len_mended = mended.len();
        mended.put_slice(&bytes[len..]);
        *input.input() = mended;
        len_mended
    }
}

fn is_fold(line: &[u8]) -> bool {
    matches!(line, [b' ' | b'\t', ..])
}

/// Room for the CRs that a head may lack.
const MARGIN: usize = 128;

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::super::{Client, Conn, ErrorKind, Event, Server};
    use super::*;

    fn all() -> Limits {
        let mut limits = Limits::client();
        limits.lenient = Lenience { line_feeds: true, folds: true, junk: true, cut_trailers: true };
        limits
    }

    /// The fields of a response's head, given whole and byte by byte.
    fn read(bytes: &[u8], limits: &Limits) -> Result<Vec<(String, String)>, ErrorKind> {
        let by_byte = read_in(bytes.chunks(1), limits);
        assert_eq!(read_in(std::iter::once(bytes), limits), by_byte);
        by_byte
    }

    fn read_in<'a>(
        pieces: impl Iterator<Item = &'a [u8]>,
        limits: &Limits,
    ) -> Result<Vec<(String, String)>, ErrorKind> {
        let mut conn = Conn::<Client>::new(Arc::new(limits.clone()));
        let mut asked = crate::text::RequestHead::new(http::Method::GET, "/");
        asked.fields.append(http::header::HOST, http::HeaderValue::from_static("a"));
        conn.send_head(&asked, super::super::Length::Absent, &mut Vec::new()).unwrap();
        conn.send_end(None, &mut Vec::new()).unwrap();
        for piece in pieces {
            conn.input().extend_from_slice(piece);
            match conn.next_event().map_err(|error| error.kind())? {
                Event::Head(head) => {
                    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
                    return Ok(head.fields.iter().map(|(n, v)| (text(n), text(v))).collect());
                }
                _ => continue,
            }
        }
        Err(ErrorKind::Incomplete)
    }

    fn pairs(expected: &[(&str, &str)]) -> Result<Vec<(String, String)>, ErrorKind> {
        Ok(expected.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect())
    }

    const FOLDED: &[u8] = b"HTTP/1.1 200 OK\r\na: 1\r\n\t 2 \r\nb: 3\r\n\r\n";
    const JUNK: &[u8] = b"HTTP/1.1 200 OK\r\nno colon\r\n more\r\na : 1\r\nb: 2\r\n\r\n";

    /// C42: a fold is read as one blank, if that is allowed.
    #[test]
    fn folds() {
        assert_eq!(read(FOLDED, &Limits::client()), Err(ErrorKind::BadField));
        assert_eq!(read(FOLDED, &all()), pairs(&[("a", "1 2"), ("b", "3")]));
        let first = b"HTTP/1.1 200 OK\r\n folded\r\na: 1\r\n\r\n";
        let mut folds = Limits::client();
        folds.lenient.folds = true;
        assert_eq!(read(first, &folds), Err(ErrorKind::BadField));
    }

    /// C41: lines that are no fields are skipped, if that is allowed.
    #[test]
    fn junk() {
        assert_eq!(read(JUNK, &Limits::client()), Err(ErrorKind::BadField));
        assert_eq!(read(JUNK, &all()), pairs(&[("b", "2")]));
    }

    #[test]
    fn line_feeds() {
        let bytes = b"HTTP/1.1 200 OK\na: 1\n\n";
        assert_eq!(read(bytes, &Limits::client()), Err(ErrorKind::BadLineEnd));
        assert_eq!(read(bytes, &all()), pairs(&[("a", "1")]));
    }

    #[test]
    fn what_is_never_allowed_stays_so() {
        let mut limits = all();
        limits.lenient.junk = false;
        let null = b"HTTP/1.1 200 OK\r\na: 1\0\r\n\r\n";
        assert_eq!(read(null, &limits), Err(ErrorKind::BadField));
        let bare = b"HTTP/1.1 200 OK\r\na: 1\rb: 2\r\n\r\n";
        assert_eq!(read(bare, &all()), Err(ErrorKind::BadLineEnd));
        assert_eq!(read(b"HTTP/1.1 200 OK \x01\r\n\r\n", &all()), Err(ErrorKind::BadStatusLine));
    }

    #[test]
    fn bytes_behind_a_mended_head_stay() {
        let mut input = Buffer::default();
        input.input().extend_from_slice(b"HTTP/1.1 200 OK\na: 1\n\nbody\n");
        let len = Lenience::mend(Section::Response, &mut input, 22, &all());
        assert_eq!(&input.bytes()[len..], b"body\n");
    }

    /// A request is never unfolded, whatever its reader allows.
    #[test]
    fn a_server_puts_up_with_line_feeds_alone() {
        let mut limits = Limits::server();
        limits.lenient = all().lenient;
        let request = |bytes: &[u8]| {
            let mut conn = Conn::<Server>::new(Arc::new(limits.clone()));
            conn.input().extend_from_slice(bytes);
            conn.next_event().map(|_| ()).map_err(|error| error.kind())
        };
        assert_eq!(request(b"GET / HTTP/1.1\nHost: a\n\n"), Ok(()));
        let folded = b"GET / HTTP/1.1\r\nHost: a\r\nb: 1\r\n 2\r\n\r\n";
        assert_eq!(request(folded), Err(ErrorKind::BadField));
    }

    /// C61: the last chunk may be the end of the stream, if that is allowed.
    #[test]
    fn cut_trailers() {
        let end = |limits: Limits| {
            let mut conn = Conn::<Client>::new(Arc::new(limits));
            let mut asked = crate::text::RequestHead::new(http::Method::GET, "/");
            asked.fields.append(http::header::HOST, http::HeaderValue::from_static("a"));
            conn.send_head(&asked, super::super::Length::Absent, &mut Vec::new()).unwrap();
            conn.send_end(None, &mut Vec::new()).unwrap();
            let bytes = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n";
            conn.input().extend_from_slice(bytes);
            conn.end_input();
            assert!(matches!(conn.next_event(), Ok(Event::Head(_))));
            conn.next_event().map(|event| matches!(event, Event::End(None)))
        };
        assert_eq!(end(Limits::client()).map_err(|error| error.kind()), Err(ErrorKind::Incomplete));
        assert_eq!(end(all()), Ok(true));
    }
}
