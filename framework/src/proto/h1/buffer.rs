//! The receive buffer: bytes that were read and not yet understood.

use bytes::{Buf, Bytes, BytesMut};

/// Bytes in, messages out; it remembers how far the search for a line's end has come, so that lines
/// given byte by byte are looked at once.
#[derive(Debug, Default)]
pub(super) struct Buffer {
    bytes: BytesMut,
    /// No line ends below here but those that were given out.
    searched: usize,
    /// Where the next line starts, and which it is.
    line: usize,
    place: usize,
    /// The empty line that may stand before a request line has been skipped.
    pub(super) skipped: bool,
}

/// A line that has come to its end: where it lies, its end included, and how many came before it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Line {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) place: usize,
}

impl Buffer {
    pub(super) const fn input(&mut self) -> &mut BytesMut {
        &mut self.bytes
    }

    /// Takes the first `n` bytes out, without copying them.
    #[inline]
    pub(super) fn take(&mut self, n: usize) -> Bytes {
        self.restart();
        self.bytes.split_to(n).freeze()
    }

    /// Forgets the first `n` bytes.
    pub(super) fn skip(&mut self, n: usize) {
        self.restart();
        self.bytes.advance(n);
    }

    /// The next line, once its end is there and within the first `most` bytes. What was searched in
    /// vain is not searched again. A CR with something else than LF behind it ends a line too, if none
    /// that anybody takes for one: whoever sends that is not waited for.
    pub(super) fn next_line(&mut self, most: usize) -> Option<Line> {
        let most = self.bytes.len().min(most);
        let rest = self.bytes.get(self.searched..most)?;
        let at = memchr::memchr2(b'\n', b'\r', rest);
        let len = match at.map(|at| &rest[at..]) {
            Some([b'\r', b'\n', ..]) => at.map(|at| at + 2),
            Some([b'\r']) | None => None,
            Some(_) => at.map(|at| at + 1),
        };
        cost::count(len.unwrap_or(rest.len()));
        // A CR at the end may be half an end of a line.
        self.searched += len.or(at).unwrap_or(rest.len());
        let line = Line { start: self.line, end: self.searched, place: self.place };
        len?;
        self.line = line.end;
        self.place += 1;
        Some(line)
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

    /// Whether no line has come to its end yet.
    pub(super) const fn is_first_line(&self) -> bool {
        self.place == 0
    }

    const fn restart(&mut self) {
        self.searched = 0;
        self.line = 0;
        self.place = 0;
    }
}

/// How many bytes were looked at: what the tests of linear cost count.
#[cfg(test)]
pub(super) mod cost {
    use std::cell::Cell;

    thread_local!(static EXAMINED: Cell<usize> = const { Cell::new(0) });

    pub(in super::super) fn count(bytes: usize) {
        EXAMINED.set(EXAMINED.get() + bytes);
    }

    pub(in super::super) fn of(work: impl FnOnce()) -> usize {
        EXAMINED.set(0);
        work();
        EXAMINED.get()
    }
}

/// Nobody counts outside of tests.
#[cfg(not(test))]
pub(super) mod cost {
    pub(in super::super) const fn count(_: usize) {}
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(bytes: &[u8]) -> Buffer {
        let mut buffer = Buffer::default();
        buffer.input().extend_from_slice(bytes);
        buffer
    }

    fn lines(buffer: &mut Buffer) -> Vec<(usize, usize)> {
        std::iter::from_fn(|| buffer.next_line(usize::MAX))
            .map(|line| (line.start, line.end))
            .collect()
    }

    #[test]
    fn lines_are_found_wherever_they_are_cut() {
        let bytes = b"a: b\r\nc: d\r\n\r\nrest";
        for cut in 0..bytes.len() {
            let mut buffer = with(&bytes[..cut]);
            let mut found = lines(&mut buffer);
            buffer.input().extend_from_slice(&bytes[cut..]);
            found.extend(lines(&mut buffer));
            assert_eq!(found, [(0, 6), (6, 12), (12, 14)], "cut at {cut}");
        }
    }

    #[test]
    fn a_line_is_searched_no_farther_than_allowed() {
        let mut buffer = with(b"one\r\ntwo\r\n");
        assert_eq!(buffer.next_line(9), Some(Line { start: 0, end: 5, place: 0 }));
        assert_eq!(buffer.next_line(9), None);
        assert_eq!(buffer.next_line(10), Some(Line { start: 5, end: 10, place: 1 }));
        assert_eq!(buffer.next_line(3), None);
    }

    #[test]
    fn a_bare_cr_ends_a_line_wherever_it_is_cut() {
        let bytes = b"a\rb\r\r\nc";
        for cut in 0..bytes.len() {
            let mut buffer = with(&bytes[..cut]);
            let mut found = lines(&mut buffer);
            buffer.input().extend_from_slice(&bytes[cut..]);
            found.extend(lines(&mut buffer));
            assert_eq!(found, [(0, 2), (2, 4), (4, 6)], "cut at {cut}");
        }
    }

    #[test]
    fn what_is_taken_starts_the_search_anew() {
        let mut buffer = with(b"one\r\ntwo\r\n");
        assert_eq!(buffer.next_line(10).map(|line| line.end), Some(5));
        assert_eq!(buffer.take(5), b"one\r\n"[..]);
        assert!(buffer.is_fresh() && buffer.is_first_line());
        assert_eq!(buffer.next_line(10), Some(Line { start: 0, end: 5, place: 0 }));
    }
}
