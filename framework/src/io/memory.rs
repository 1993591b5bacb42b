//! A pipe in memory, for tests and for a client and a server in one process.

use std::io;
use std::task::{Context, Poll};

use bytes::BytesMut;
use tokio::io::DuplexStream;

use super::stream;
use crate::wire::Wire;

/// One end of a pipe in memory; the other end reads what is written here.
#[derive(Debug)]
pub struct Memory(DuplexStream);

/// Two ends, each with room for so many bytes that the other has not read.
#[must_use]
pub fn pair(room: usize) -> (Memory, Memory) {
    let (left, right) = tokio::io::duplex(room);
    (Memory(left), Memory(right))
}

impl Wire for Memory {
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

    fn poll_flush(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        stream::poll_flush(&mut self.0, cx)
    }

    fn poll_shutdown(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        stream::poll_shutdown(&mut self.0, cx)
    }
}
