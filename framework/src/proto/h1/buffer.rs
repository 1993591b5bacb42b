//! The receive buffer: bytes that were read and not yet understood.

use bytes::{Buf, Bytes, BytesMut};

/// Bytes in, messages out; it remembers how far the search for a line's end has come, so that a head
/// given byte by byte is looked at once.
#[derive(Debug, Default)]
pub(super) struct Buffer {
    bytes: BytesMut,
    /// No line ends below here but those that were counted.
    searched: usize,
    /// The first line of an unfinished head has been judged.
    pub(super) judged: bool,
    /// The empty line that may stand before a request line has been skipped.
    pub(super) skipped: bool,
}

/// A line that ended with LF alone.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct BareLf;

impl Buffer {
    pub(super) const fn input(&mut self) -> &mut BytesMut {
        &mut self.bytes
    }

    /// Takes the first `n` bytes out, without copying them.
    pub(super) fn take(&mut self, n: usize) -> Bytes {
        self.searched = 0;
        self.judged = false;
        self.bytes.split_to(n).freeze()
    }

    /// Forgets the first `n` bytes.
    pub(super) fn skip(&mut self, n: usize) {
        self.searched = 0;
        self.bytes.advance(n);
    }

    /// The length of the lines up to and with the first empty one, once they are all there.
    pub(super) fn section(&mut self) -> Result<Option<usize>, BareLf> {
        while let Some(end) = self.next_line_end()? {
            if end == 2 || self.bytes[end - 3] == b'\n' {
                return Ok(Some(end));
            }
        }
        Ok(None)
    }

    /// The length of the first line with its end, once it is there.
    pub(super) fn line(&mut self) -> Result<Option<usize>, BareLf> {
        self.next_line_end()
    }

    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    pub(super) fn len(&self) -> usize {
        self.bytes.len()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// Whether nothing of what is there has been searched yet.
    pub(super) const fn is_fresh(&self) -> bool {
        self.searched == 0
    }

    /// Where the next line after those already found ends. What was searched in vain is not searched
    /// again.
    fn next_line_end(&mut self) -> Result<Option<usize>, BareLf> {
        let Some(at) = memchr::memchr(b'\n', &self.bytes[self.searched..]) else {
            self.searched = self.bytes.len();
            return Ok(None);
        };
        let lf = self.searched + at;
        if lf == 0 || self.bytes[lf - 1] != b'\r' {
            return Err(BareLf);
        }
        self.searched = lf + 1;
        Ok(Some(lf + 1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(bytes: &[u8]) -> Buffer {
        let mut buffer = Buffer::default();
        buffer.input().extend_from_slice(bytes);
        buffer
    }

    #[test]
    fn a_section_is_found_wherever_it_is_cut() {
        let bytes = b"a: b\r\nc: d\r\n\r\nrest";
        for cut in 0..bytes.len() {
            let mut buffer = with(&bytes[..cut]);
            let early = buffer.section();
            assert_eq!(early, Ok((cut >= 14).then_some(14)), "cut at {cut}");
            if early == Ok(None) {
                buffer.input().extend_from_slice(&bytes[cut..]);
                assert_eq!(buffer.section(), Ok(Some(14)), "cut at {cut}");
            }
        }
    }

    #[test]
    fn an_empty_section_is_two_bytes() {
        assert_eq!(with(b"\r\nx").section(), Ok(Some(2)));
        assert_eq!(with(b"\nx").section(), Err(BareLf));
        assert_eq!(with(b"a\r\n\n").section(), Err(BareLf));
    }

    #[test]
    fn what_is_taken_starts_the_search_anew() {
        let mut buffer = with(b"one\r\ntwo\r\n");
        assert_eq!(buffer.line(), Ok(Some(5)));
        assert_eq!(buffer.take(5), b"one\r\n"[..]);
        assert_eq!(buffer.line(), Ok(Some(5)));
    }
}
