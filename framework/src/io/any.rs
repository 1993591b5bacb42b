//! Any wire at all.

use std::fs::File;
use std::io::{self, IoSlice};
use std::net::SocketAddr;
use std::task::{Context, Poll};

use bytes::BytesMut;

use super::Tcp;
#[cfg(unix)]
use super::Unix;
use crate::wire::{TlsInfo, Wire};

/// One wire for all kinds: a driver is compiled once for each service and not once for each kind, which is also what
/// lets the compiler unfold it. The kinds that do not cost much themselves are told apart without a table of functions.
pub enum AnyWire {
    /// A TCP connection.
    Tcp(Tcp),
    /// A Unix socket.
    #[cfg(unix)]
    Unix(Unix),
    /// Whatever else: TLS, a tunnel, a pipe in memory.
    Boxed(Box<dyn Wire>),
}

impl AnyWire {
    /// Any wire, behind a pointer.
    #[must_use]
    pub fn boxed(wire: impl Wire) -> Self {
        Self::Boxed(Box::new(wire))
    }
}

impl Wire for AnyWire {
    #[inline(always)]
    fn poll_read(
        &mut self,
        cx: &mut Context<'_>,
        buffer: &mut BytesMut,
    ) -> Poll<io::Result<usize>> {
        match self {
            Self::Tcp(tcp) => tcp.poll_read(cx, buffer),
            #[cfg(unix)]
            Self::Unix(unix) => unix.poll_read(cx, buffer),
            Self::Boxed(wire) => wire.poll_read(cx, buffer),
        }
    }

    #[inline(always)]
    fn poll_write(&mut self, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        match self {
            Self::Tcp(tcp) => tcp.poll_write(cx, bytes),
            #[cfg(unix)]
            Self::Unix(unix) => unix.poll_write(cx, bytes),
            Self::Boxed(wire) => wire.poll_write(cx, bytes),
        }
    }

    #[inline]
    fn poll_write_vectored(
        &mut self,
        cx: &mut Context<'_>,
        pieces: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        match self {
            Self::Tcp(tcp) => tcp.poll_write_vectored(cx, pieces),
            #[cfg(unix)]
            Self::Unix(unix) => unix.poll_write_vectored(cx, pieces),
            Self::Boxed(wire) => wire.poll_write_vectored(cx, pieces),
        }
    }

    fn sends_files(&self) -> bool {
        match self {
            Self::Tcp(tcp) => tcp.sends_files(),
            #[cfg(unix)]
            Self::Unix(unix) => unix.sends_files(),
            Self::Boxed(wire) => wire.sends_files(),
        }
    }

    fn poll_send_file(
        &mut self,
        cx: &mut Context<'_>,
        file: &File,
        offset: u64,
        length: usize,
    ) -> Poll<io::Result<usize>> {
        match self {
            Self::Tcp(tcp) => tcp.poll_send_file(cx, file, offset, length),
            #[cfg(unix)]
            Self::Unix(unix) => unix.poll_send_file(cx, file, offset, length),
            Self::Boxed(wire) => wire.poll_send_file(cx, file, offset, length),
        }
    }

    #[inline]
    fn poll_flush(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self {
            Self::Tcp(tcp) => tcp.poll_flush(cx),
            #[cfg(unix)]
            Self::Unix(unix) => unix.poll_flush(cx),
            Self::Boxed(wire) => wire.poll_flush(cx),
        }
    }

    #[inline]
    fn poll_shutdown(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self {
            Self::Tcp(tcp) => tcp.poll_shutdown(cx),
            #[cfg(unix)]
            Self::Unix(unix) => unix.poll_shutdown(cx),
            Self::Boxed(wire) => wire.poll_shutdown(cx),
        }
    }

    #[inline]
    fn has_failed(&self) -> bool {
        match self {
            Self::Tcp(tcp) => tcp.has_failed(),
            #[cfg(unix)]
            Self::Unix(unix) => unix.has_failed(),
            Self::Boxed(wire) => wire.has_failed(),
        }
    }

    #[inline]
    fn peer(&self) -> Option<SocketAddr> {
        match self {
            Self::Tcp(tcp) => tcp.peer(),
            #[cfg(unix)]
            Self::Unix(unix) => unix.peer(),
            Self::Boxed(wire) => wire.peer(),
        }
    }

    #[inline]
    fn tls(&self) -> Option<&TlsInfo> {
        match self {
            Self::Boxed(wire) => wire.tls(),
            _ => None,
        }
    }
}

impl std::fmt::Debug for AnyWire {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Tcp(tcp) => tcp.fmt(f),
            #[cfg(unix)]
            Self::Unix(unix) => unix.fmt(f),
            Self::Boxed(_) => f.write_str("Boxed"),
        }
    }
}
