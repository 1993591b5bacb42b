//! A link: a machine, its wire, and what is on the way between them.

use std::io::{self, IoSlice};
use std::net::SocketAddr;
use std::task::{Context, Poll, ready};

use bytes::{Bytes, BytesMut};

use super::buffers;
use crate::body::FileRange;
use crate::proto::h1::{Conn, ProtocolError, Role, State};
use crate::wire::{TlsInfo, Upgraded, Wire};

/// One connection: the machine, the wire, the bytes that wait to be written.
///
/// Small data is copied behind what waits already, so that it leaves in one write; large pieces are kept
/// as they are and written between the parts of the buffer, and a part of a file is sent behind them.
#[derive(Debug)]
pub(super) struct Link<R: Role, W> {
    pub(super) conn: Conn<R>,
    pub(super) wire: W,
    pub(super) out: Vec<u8>,
    /// Bytes of what waits that were written already.
    sent: usize,
    /// Large pieces, and where in `out` they belong.
    pieces: Vec<(usize, Bytes)>,
    /// How long all of them are.
    held: usize,
    file: Option<FileRange>,
    /// Whether the wire sends files as they are, as far as is known.
    sends_files: bool,
    /// How much is read at a time, once more than a buffer of the pool has come.
    room: usize,
}

impl<R: Role, W: Wire> Link<R, W> {
    pub(super) fn new(conn: Conn<R>, wire: W) -> Self {
        Self {
            conn,
            sends_files: wire.sends_files(),
            wire,
            out: Vec::new(),
            sent: 0,
            pieces: Vec::new(),
            held: 0,
            file: None,
            room: buffers::READ,
        }
    }

    /// Takes a piece of our body on its way. Only while [`is_heavy`](Self::is_heavy) is false.
    pub(super) fn send_data(&mut self, data: Bytes) -> Result<(), ProtocolError> {
        if data.len() <= COPIED {
            return self.conn.send_data(&data, &mut self.out);
        }
        if self.conn.data_before(data.len(), &mut self.out)? {
            self.held += data.len();
            self.pieces.push((self.out.len(), data));
            self.conn.data_after(&mut self.out);
        }
        Ok(())
    }

    /// Takes a part of a file that is our body on its way, of a length that our head told. Only while
    /// [`is_heavy`](Self::is_heavy) is false.
    pub(super) fn send_range(&mut self, range: FileRange) -> Result<(), ProtocolError> {
        if self.conn.data_before(range.len(), &mut self.out)? {
            self.file = Some(range);
        }
        Ok(())
    }

    /// Reads some bytes into the machine; at the end of the stream none, which the machine is told.
    #[inline(always)]
    pub(super) fn poll_fill(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<usize>> {
        let input = self.conn.input();
        if input.capacity() - input.len() < LEAST_ROOM {
            self.make_room();
        }
        let input = self.conn.input();
        let read = ready!(self.wire.poll_read(cx, input))?;
        if read == 0 {
            self.conn.end_input();
        }
        Poll::Ready(Ok(read))
    }

    /// Writes all that waits.
    pub(super) fn poll_flush(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        if self.is_flushed() {
            return Poll::Ready(Ok(()));
        }
        while self.sent < self.out.len() + self.held {
            let written = ready!(self.poll_write(cx))?;
            if written == 0 {
                return Poll::Ready(Err(io::ErrorKind::WriteZero.into()));
            }
            self.sent += written;
        }
        if self.file.is_some() {
            ready!(self.poll_send_file(cx))?;
        }
        ready!(self.wire.poll_flush(cx))?;
        self.out.clear();
        self.sent = 0;
        if self.held > 0 {
            self.pieces.clear();
            self.held = 0;
        }
        Poll::Ready(Ok(()))
    }

    /// Gives the buffers back while there is nothing in them.
    #[inline(always)]
    pub(super) fn rest(&mut self) {
        self.room = buffers::READ;
        if !self.conn.has_input() {
            buffers::give_input(std::mem::take(self.conn.input()));
        }
        if self.is_flushed() {
            buffers::give_output(std::mem::take(&mut self.out));
            self.pieces = Vec::new();
        }
    }

    /// Makes sure that there is a buffer to write to.
    #[inline(always)]
    pub(super) fn open_output(&mut self) {
        if self.out.capacity() == 0 {
            self.out = buffers::take_output();
        }
    }

    /// Hands the wire over to another protocol, with what was read of it already.
    pub(super) fn hand_over(mut self) -> Upgraded {
        let read = self.conn.take_rest();
        self.rest();
        Upgraded::new(Bare(self), read)
    }

    /// How many bytes have left, for whoever wants to see progress.
    pub(super) const fn sent(&self) -> usize {
        self.sent
    }

    /// Whether nothing waits to be written.
    pub(super) fn is_flushed(&self) -> bool {
        // A piece of a known length has nothing before it and nothing behind.
        self.out.is_empty() && self.held == 0 && self.file.is_none()
    }

    /// Whether so much waits that no more should be taken before it is written.
    pub(super) fn is_heavy(&self) -> bool {
        self.held >= HELD || self.file.is_some() || self.out.len() >= HEAVY
    }

    /// Whether parts of files are to be given as such.
    pub(super) const fn sends_files(&self) -> bool {
        self.sends_files
    }

    /// A buffer of the pool for what begins. Longer messages are read in longer pieces: each twice as long as the one
    /// that was filled before it, so that what a peer announces takes no memory, only what it sends.
    #[inline(always)]
    fn make_room(&mut self) {
        if self.conn.input().capacity() == 0 && self.conn.theirs() != State::Body {
            *self.conn.input() = buffers::take_input();
        } else {
            self.make_more_room();
        }
    }

    #[cold]
    fn make_more_room(&mut self) {
        self.room = LARGEST_READ.min(self.room * 2);
        let left = self.conn.body_left().unwrap_or(u64::MAX);
        let left = usize::try_from(left).unwrap_or(usize::MAX);
        self.conn.input().reserve(left.clamp(buffers::READ, self.room));
    }

    fn poll_write(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<usize>> {
        if self.held == 0 {
            return self.wire.poll_write(cx, &self.out[self.sent..]);
        }
        let mut slices = [IoSlice::new(&[]); SLICES];
        let (mut count, mut skip) = (0, self.sent);
        for bytes in parts(&self.out, &self.pieces) {
            let skipped = skip.min(bytes.len());
            skip -= skipped;
            if skipped < bytes.len() && count < SLICES {
                slices[count] = IoSlice::new(&bytes[skipped..]);
                count += 1;
            }
        }
        self.wire.poll_write_vectored(cx, &slices[..count])
    }

    /// Sends what waits of a file, behind all else.
    #[cold]
    fn poll_send_file(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        while let Some(range) = self.file.take() {
            let sent = self.poll_send_some(cx, &range);
            let range = self.file.insert(range);
            match ready!(sent)? {
                0 => return Poll::Ready(Err(range.cut_short())),
                sent => {
                    self.sent += sent;
                    range.advance(sent);
                }
            }
            self.file.take_if(|range| range.left() == 0);
        }
        Poll::Ready(Ok(()))
    }

    fn poll_send_some(
        &mut self,
        cx: &mut Context<'_>,
        range: &FileRange,
    ) -> Poll<io::Result<usize>> {
        if self.sends_files {
            let sent = self.wire.poll_send_file(cx, range.file(), range.offset(), range.len());
            match ready!(sent) {
                Err(error) if error.kind() == io::ErrorKind::Unsupported => {
                    self.sends_files = false
                }
                sent => return Poll::Ready(sent),
            }
        }
        // This part is promised already. What the wire does not take of a block is read once more.
        self.wire.poll_write(cx, &range.read()?)
    }
}

impl<R: Role, W> Drop for Link<R, W> {
    fn drop(&mut self) {
        let input: BytesMut = std::mem::take(self.conn.input());
        if input.is_empty() {
            buffers::give_input(input);
        }
        self.out.clear();
        buffers::give_output(std::mem::take(&mut self.out));
    }
}

/// A link whose machine is done: no more than its wire.
#[derive(Debug)]
struct Bare<R: Role, W>(Link<R, W>);

impl<R: Role, W: Wire> Wire for Bare<R, W> {
    fn poll_read(
        &mut self,
        cx: &mut Context<'_>,
        buffer: &mut BytesMut,
    ) -> Poll<io::Result<usize>> {
        self.0.wire.poll_read(cx, buffer)
    }

    fn poll_write(&mut self, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        // Few have need of this; the one call that all have stays the only one, and is unfolded.
        self.0.wire.poll_write_vectored(cx, &[IoSlice::new(bytes)])
    }

    fn poll_write_vectored(
        &mut self,
        cx: &mut Context<'_>,
        pieces: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.0.wire.poll_write_vectored(cx, pieces)
    }

    fn poll_flush(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.0.wire.poll_flush(cx)
    }

    fn poll_shutdown(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.0.wire.poll_shutdown(cx)
    }

    fn has_failed(&self) -> bool {
        self.0.wire.has_failed()
    }

    fn peer(&self) -> Option<SocketAddr> {
        self.0.wire.peer()
    }

    fn tls(&self) -> Option<&TlsInfo> {
        self.0.wire.tls()
    }
}

/// What waits, in its order: the parts of the buffer, and the pieces between them.
fn parts<'l>(out: &'l [u8], pieces: &'l [(usize, Bytes)]) -> impl Iterator<Item = &'l [u8]> {
    let starts = std::iter::once(0).chain(pieces.iter().map(|(at, _)| *at));
    let between = starts.zip(pieces).flat_map(|(start, (at, piece))| [&out[start..*at], piece]);
    let last = pieces.last().map_or(0, |(at, _)| *at);
    between.chain([&out[last..]])
}

/// Up to here data is copied: cheaper than a second piece in the write, and what it is copied to can still be kept.
const COPIED: usize = 8 * 1024;
/// From here on what waits is written before more is taken.
const HEAVY: usize = 64 * 1024;
/// The same of large pieces: enough for a write to be worth its call, and not so much that peers who do not read hold
/// the memory of a machine.
const HELD: usize = 256 * 1024;
/// The most slices of one write.
const SLICES: usize = 32;
/// With less room a read is not worth its call.
const LEAST_ROOM: usize = 1024;
/// The longest piece that is read at a time.
const LARGEST_READ: usize = 64 * 1024;
