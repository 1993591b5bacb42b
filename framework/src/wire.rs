//! Wires: two-way streams of bytes, polled.
//!
//! What a driver needs of TCP, of TLS or of a pipe in memory, and no more; the wires themselves are in `io` and `tls`.

mod tls;

use std::fmt;
use std::fs::File;
use std::io::{self, IoSlice};
use std::net::SocketAddr;
use std::task::{Context, Poll};

use bytes::BytesMut;

pub use tls::{TlsInfo, TlsVersion};

/// A two-way stream of bytes.
///
/// A future that polls it may be dropped at any time; bytes already read are in the buffer, bytes already
/// written are counted.
pub trait Wire: Send + Unpin + 'static {
    /// Reads behind the bytes in `buffer`, which has room; 0 is the end.
    ///
    /// # Errors
    /// When the wire fails.
    fn poll_read(&mut self, cx: &mut Context<'_>, buffer: &mut BytesMut)
    -> Poll<io::Result<usize>>;

    /// Writes some of the bytes, and tells how many.
    ///
    /// # Errors
    /// When the wire fails.
    fn poll_write(&mut self, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>>;

    /// Writes some of several pieces in one call; a wire that cannot writes some of the first.
    ///
    /// # Errors
    /// When the wire fails.
    fn poll_write_vectored(
        &mut self,
        cx: &mut Context<'_>,
        pieces: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let first = pieces.iter().find(|piece| !piece.is_empty());
        self.poll_write(cx, first.map_or(&[], |piece| piece))
    }

    /// Whether it may be asked to [send files](Self::poll_send_file). Default no: what is in them is read and written.
    fn sends_files(&self) -> bool {
        false
    }

    /// Sends some of `length` bytes of a file, from the place `offset` on, without bringing them into the process, and
    /// tells how many; 0 is the end of the file. Bytes that are not in memory yet are waited for, as long as the disk
    /// takes.
    ///
    /// # Errors
    /// When the wire fails; [`Unsupported`](io::ErrorKind::Unsupported) where this file cannot be sent so.
    fn poll_send_file(
        &mut self,
        _cx: &mut Context<'_>,
        _file: &File,
        _offset: u64,
        _length: usize,
    ) -> Poll<io::Result<usize>> {
        Poll::Ready(Err(io::ErrorKind::Unsupported.into()))
    }

    /// Sends what the wire itself holds back.
    ///
    /// # Errors
    /// When the wire fails.
    fn poll_flush(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>>;

    /// Ends our half: the peer reads an end, and may go on writing.
    ///
    /// # Errors
    /// When the wire fails.
    fn poll_shutdown(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>>;

    /// Whether the wire has failed behind bytes that were not read yet, as far as that can be told without reading.
    fn has_failed(&self) -> bool {
        false
    }

    /// The address at the other end, where there is one.
    fn peer(&self) -> Option<SocketAddr> {
        None
    }

    /// What was agreed on, if the wire speaks TLS.
    fn tls(&self) -> Option<&TlsInfo> {
        None
    }
}

impl<W: Wire + ?Sized> Wire for Box<W> {
    fn poll_read(
        &mut self,
        cx: &mut Context<'_>,
        buffer: &mut BytesMut,
    ) -> Poll<io::Result<usize>> {
        (**self).poll_read(cx, buffer)
    }

    fn poll_write(&mut self, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        (**self).poll_write(cx, bytes)
    }

    fn poll_write_vectored(
        &mut self,
        cx: &mut Context<'_>,
        pieces: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        (**self).poll_write_vectored(cx, pieces)
    }

    fn sends_files(&self) -> bool {
        (**self).sends_files()
    }

    fn poll_send_file(
        &mut self,
        cx: &mut Context<'_>,
        file: &File,
        offset: u64,
        length: usize,
    ) -> Poll<io::Result<usize>> {
        (**self).poll_send_file(cx, file, offset, length)
    }

    fn poll_flush(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        (**self).poll_flush(cx)
    }

    fn poll_shutdown(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        (**self).poll_shutdown(cx)
    }

    fn has_failed(&self) -> bool {
        (**self).has_failed()
    }

    fn peer(&self) -> Option<SocketAddr> {
        (**self).peer()
    }

    fn tls(&self) -> Option<&TlsInfo> {
        (**self).tls()
    }
}

/// A connection that speaks another protocol now: after 101, or as a tunnel after CONNECT (RFC 9110 §7.8, §9.3.6).
///
/// It is a [`Wire`] again, and with the feature `net` a stream as `tokio` has them. What had been read of the new
/// protocol before it began is read first. Nothing of HTTP holds for it any more: no limit, and no deadline.
pub struct Upgraded {
    wire: Box<dyn Wire>,
    /// Bytes that were read and not yet asked for.
    read: BytesMut,
}

impl Upgraded {
    /// A wire whose next bytes are those that were `read` from it already.
    pub fn new(wire: impl Wire, read: impl Into<BytesMut>) -> Self {
        Self { wire: Box::new(wire), read: read.into() }
    }

    /// Gives bytes back that were read, to be read again.
    #[cfg(feature = "blocking")]
    pub(crate) fn unread(&mut self, bytes: &[u8]) {
        // What was read came all at once, so nothing else waits here.
        self.read.extend_from_slice(bytes);
    }

    /// What is there without asking the wire; asks it if that is nothing. Nothing at all is the end.
    #[cfg(feature = "net")]
    pub(crate) fn poll_some(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<&[u8]>> {
        if self.read.is_empty() {
            self.read.reserve(READ);
            std::task::ready!(self.wire.poll_read(cx, &mut self.read))?;
        }
        Poll::Ready(Ok(&self.read))
    }

    /// Notes that so many of those bytes were used.
    #[cfg(feature = "net")]
    pub(crate) fn consumed(&mut self, amount: usize) {
        bytes::Buf::advance(&mut self.read, amount);
    }
}

impl Wire for Upgraded {
    fn poll_read(
        &mut self,
        cx: &mut Context<'_>,
        buffer: &mut BytesMut,
    ) -> Poll<io::Result<usize>> {
        if self.read.is_empty() {
            return self.wire.poll_read(cx, buffer);
        }
        let read = std::mem::take(&mut self.read);
        buffer.extend_from_slice(&read);
        Poll::Ready(Ok(read.len()))
    }

    fn poll_write(&mut self, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        self.wire.poll_write(cx, bytes)
    }

    fn poll_write_vectored(
        &mut self,
        cx: &mut Context<'_>,
        pieces: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.wire.poll_write_vectored(cx, pieces)
    }

    fn poll_flush(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.wire.poll_flush(cx)
    }

    fn poll_shutdown(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.wire.poll_shutdown(cx)
    }

    fn has_failed(&self) -> bool {
        self.wire.has_failed()
    }

    fn peer(&self) -> Option<SocketAddr> {
        self.wire.peer()
    }

    fn tls(&self) -> Option<&TlsInfo> {
        self.wire.tls()
    }
}

impl fmt::Debug for Upgraded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Upgraded")
            .field("peer", &self.peer())
            .field("read", &self.read.len())
            .finish_non_exhaustive()
    }
}

/// How much is read at a time.
#[cfg(feature = "net")]
const READ: usize = 8 * 1024;
