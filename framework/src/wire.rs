//! Wires: two-way streams of bytes, polled.
//!
//! What a driver needs of TCP, of TLS or of a pipe in memory, and no more; the wires themselves are in `io`.

use std::io::{self, IoSlice};
use std::net::SocketAddr;
use std::task::{Context, Poll};

use bytes::BytesMut;

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

    /// The address at the other end, where there is one.
    fn peer(&self) -> Option<SocketAddr> {
        None
    }
}
