//! TCP.

use std::io::{self, IoSlice};
use std::net::SocketAddr;
use std::task::{Context, Poll};

use bytes::BytesMut;
#[cfg(all(target_os = "linux", feature = "files"))]
use socket2::SockRef;
use tokio::net::TcpStream;

#[cfg(all(target_os = "linux", feature = "files"))]
use super::sendfile;
use super::stream;
use crate::wire::Wire;

/// A TCP connection that sends each write at once (`TCP_NODELAY`): drivers write whole messages.
#[derive(Debug)]
pub struct Tcp {
    stream: TcpStream,
    peer: SocketAddr,
    /// Whether only whole segments leave, until all has been written.
    #[cfg(all(target_os = "linux", feature = "files"))]
    corked: bool,
}

impl Tcp {
    /// A connection that was accepted from or made to `peer`.
    #[must_use]
    pub fn new(stream: TcpStream, peer: SocketAddr) -> Self {
        // Fails only on a connection that is gone already, which the first read tells better.
        let _ = stream.set_nodelay(true);
        Self::of_tuned(stream, peer)
    }

    /// The same of a stream whose options are set as they are to be.
    #[must_use]
    pub const fn of_tuned(stream: TcpStream, peer: SocketAddr) -> Self {
        Self {
            stream,
            peer,
            #[cfg(all(target_os = "linux", feature = "files"))]
            corked: false,
        }
    }

    /// Connects to an address.
    ///
    /// # Errors
    /// When there is nobody, or no way there.
    pub async fn connect(peer: SocketAddr) -> io::Result<Self> {
        Ok(Self::new(TcpStream::connect(peer).await?, peer))
    }
}

impl Wire for Tcp {
    #[inline]
    fn poll_read(
        &mut self,
        cx: &mut Context<'_>,
        buffer: &mut BytesMut,
    ) -> Poll<io::Result<usize>> {
        stream::poll_read(&mut self.stream, cx, buffer)
    }

    #[inline]
    fn poll_write(&mut self, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        // Nearly always there is room; only when there is none is the task to be woken.
        match self.stream.try_write(bytes) {
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                stream::poll_write(&mut self.stream, cx, bytes)
            }
            written => Poll::Ready(written),
        }
    }

    fn poll_write_vectored(
        &mut self,
        cx: &mut Context<'_>,
        pieces: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        stream::poll_write_vectored(&mut self.stream, cx, pieces)
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
        if !self.corked {
            // Else each piece that there is room for would leave at once, however small. Without it all is only slower.
            self.corked = SockRef::from(&self.stream).set_tcp_cork(true).is_ok();
        }
        sendfile::poll_send_file(&self.stream, cx, file, offset, length)
    }

    fn poll_flush(&mut self, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        #[cfg(all(target_os = "linux", feature = "files"))]
        if std::mem::take(&mut self.corked) {
            SockRef::from(&self.stream).set_tcp_cork(false)?;
        }
        // Else the kernel holds nothing back.
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        stream::poll_shutdown(&mut self.stream, cx)
    }

    fn has_failed(&self) -> bool {
        matches!(self.stream.take_error(), Ok(Some(_)))
    }

    fn peer(&self) -> Option<SocketAddr> {
        Some(self.peer)
    }
}
