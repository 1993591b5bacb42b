//! What the tests here have in common: two sides that trust each other, and wires that make it hard for them.

use std::future::poll_fn;
use std::io;
use std::task::{Context, Poll};

use bytes::BytesMut;
use counterpart::Fault;
use counterpart::io::{Memory, pair};
use counterpart::tls::{ClientTls, ServerTls, Tls};
use counterpart::wire::Wire;

use super::authority::{Authority, Pair};

/// A server for `a.example` and a client that trusts who issued that.
pub(super) fn sides() -> (ServerTls, ClientTls) {
    let authority = Authority::new("Tests");
    (server(&authority.issue(&["a.example"])), client(&authority))
}

pub(super) fn server(pair: &Pair) -> ServerTls {
    ServerTls::pem(&pair.certificate, &pair.key).unwrap()
}

pub(super) fn client(authority: &Authority) -> ClientTls {
    ClientTls::new().only_own_roots().roots_pem(authority.pem()).unwrap()
}

/// Both ends of a pipe by TLS, or how the client and the server failed.
pub(super) async fn meet(
    server: &ServerTls,
    client: &ClientTls,
    host: &str,
) -> (Result<Tls<Memory>, Fault>, Result<Tls<Memory>, Fault>) {
    let (ours, theirs) = pair(1 << 16);
    tokio::join!(client.secure(ours, host), accept(server, theirs))
}

pub(super) async fn accept<W: Wire>(server: &ServerTls, wire: W) -> Result<Tls<W>, Fault> {
    let mut tls = server.begin(wire, BytesMut::new())?;
    poll_fn(|cx| tls.poll_handshake(cx)).await?;
    Ok(tls)
}

/// Writes all of it, and flushes.
pub(super) async fn say(wire: &mut impl Wire, bytes: &[u8]) {
    let mut rest = bytes;
    while !rest.is_empty() {
        let written = poll_fn(|cx| wire.poll_write(cx, rest)).await.unwrap();
        rest = &rest[written..];
    }
    poll_fn(|cx| wire.poll_flush(cx)).await.unwrap();
}

/// Reads to the end, in pieces of this size at most.
pub(super) async fn hear(wire: &mut impl Wire, most: usize) -> io::Result<Vec<u8>> {
    let mut heard = Vec::new();
    loop {
        let mut piece = BytesMut::with_capacity(most);
        if poll_fn(|cx| wire.poll_read(cx, &mut piece)).await? == 0 {
            return Ok(heard);
        }
        heard.extend_from_slice(&piece);
    }
}

pub(super) async fn end(wire: &mut impl Wire) {
    poll_fn(|cx| wire.poll_shutdown(cx)).await.unwrap();
}

/// A wire that reads and writes little at a time, is often not ready, and ends after so many bytes that were read.
pub(super) struct Choppy {
    wire: Memory,
    sizes: Vec<usize>,
    /// How often was read, and how often written.
    turns: [usize; 2],
    left: usize,
}

impl Choppy {
    pub(super) fn new(wire: Memory, sizes: &[usize]) -> Self {
        Self { wire, sizes: sizes.to_vec(), turns: [0; 2], left: usize::MAX }
    }

    pub(super) fn cut_after(wire: Memory, left: usize) -> Self {
        Self { wire, sizes: vec![usize::MAX], turns: [0; 2], left }
    }

    /// How much may be done now; nothing at all at every turn of 0.
    fn next(&mut self, cx: &mut Context<'_>, which: usize) -> Poll<usize> {
        self.turns[which] += 1;
        match self.sizes[self.turns[which] % self.sizes.len()] {
            0 => {
                cx.waker().wake_by_ref();
                Poll::Pending
            }
            size => Poll::Ready(size),
        }
    }
}

impl Wire for Choppy {
    fn poll_read(
        &mut self,
        cx: &mut Context<'_>,
        buffer: &mut BytesMut,
    ) -> Poll<io::Result<usize>> {
        let size = std::task::ready!(self.next(cx, 0)).min(buffer.capacity() - buffer.len());
        if self.left == 0 {
            return Poll::Ready(Ok(0));
        }
        let mut piece = BytesMut::with_capacity(size.min(self.left));
        let read = std::task::ready!(self.wire.poll_read(cx, &mut piece))?;
        self.left -= read;
        buffer.extend_from_slice(&piece);
        Poll::Ready(Ok(read))
    }

    fn poll_write(&mut self, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let size = std::task::ready!(self.next(cx, 1));
        self.wire.poll_write(cx, &bytes[..size.min(bytes.len())])
    }

    fn poll_flush(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.wire.poll_flush(cx)
    }

    fn poll_shutdown(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.wire.poll_shutdown(cx)
    }
}
