//! Unix sockets: connections within one machine, found by a path.

use std::io::{self, IoSlice};
use std::path::Path;
use std::task::{Context, Poll};

use bytes::BytesMut;
use tokio::net::UnixStream;

#[cfg(all(target_os = "linux", feature = "files"))]
use super::sendfile;
use super::stream;
use crate::wire::Wire;

/// A connection over a Unix socket; its peer has no address, so [`Wire::peer`] is `None`.
#[derive(Debug)]
pub struct Unix(UnixStream);

impl Unix {
    /// A connection that was accepted or made.
    #[must_use]
    pub const fn new(stream: UnixStream) -> Self {
        Self(stream)
    }

    /// Connects to the socket at a path.
    ///
    /// # Errors
    /// When there is no socket, nobody listens on it, or its mode does not let us in.
    pub async fn connect(path: impl AsRef<Path>) -> io::Result<Self> {
        Ok(Self::new(UnixStream::connect(path).await?))
    }
}

impl Wire for Unix {
    fn poll_read(
        &mut self,
        cx: &mut Context<'_>,
        buffer: &mut BytesMut,
    ) -> Poll<io::Result<usize>> {
        stream::poll_read(&mut self.0, cx, buffer)
    }

    fn poll_write(&mut self, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        stream::poll_write(&mut self.0, cx, bytes)
    }

    fn poll_write_vectored(
        &mut self,
        cx: &mut Context<'_>,
        pieces: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        stream::poll_write_vectored(&mut self.0, cx, pieces)
    }

    #[cfg(all(target_os = "linux", feature = "files"))]
    fn sends_files(&self) -> bool {
        true
    }

    #[cfg(all(target_os = "linux", feature = "files"))]
    fn poll_send_file(
        &mut self,
        cx: &mut Context<'_>,
        file: &std::fs::File,
        offset: u64,
        length: usize,
    ) -> Poll<io::Result<usize>> {
        sendfile::poll_send_file(&self.0, cx, file, offset, length)
    }

    fn poll_flush(&mut self, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        // The kernel holds nothing back.
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        stream::poll_shutdown(&mut self.0, cx)
    }

    fn has_failed(&self) -> bool {
        matches!(self.0.take_error(), Ok(Some(_)))
    }
}
