//! A wire that speaks TLS over another wire, of whichever kind that is.

use std::fmt;
use std::io::{self, BufRead, IoSlice, Write};
use std::net::SocketAddr;
use std::task::{Context, Poll, ready};

use bytes::{Buf, BytesMut};
use rustls::{Connection, ProtocolVersion};

use super::problem;
use crate::service::Fault;
use crate::wire::{TlsInfo, TlsVersion, Wire};

/// TLS over a wire: over TCP, a Unix socket, a pipe in memory, a tunnel through a proxy, TLS itself.
///
/// What it reads ends well only where the peer has said so (`close_notify`, RFC 8446 §6.1); where the wire below
/// ends without that, somebody may have cut it, and reading fails with [`io::ErrorKind::UnexpectedEof`].
pub struct Tls<W> {
    wire: W,
    session: Box<Connection>,
    /// What was read and is not decrypted yet; without room of its own while nothing is.
    incoming: BytesMut,
    info: Option<TlsInfo>,
    /// Why nothing more can be read.
    failed: Option<rustls::Error>,
    /// The end of our half has been written.
    closing: bool,
}

impl<W: Wire> Tls<W> {
    /// A session that is to begin on a wire, of which these bytes were read already.
    pub(super) fn new(wire: W, mut session: Connection, incoming: BytesMut) -> Self {
        session.set_buffer_limit(Some(WRITTEN_AHEAD));
        let session = Box::new(session);
        Self { wire, session, incoming, info: None, failed: None, closing: false }
    }

    /// Ready once both sides have agreed. To be asked before anything is read or written, under a deadline.
    ///
    /// # Errors
    /// [`FaultKind::Tls`](crate::service::FaultKind::Tls) if they cannot agree, whereof the peer was told; else as the
    /// wire fails.
    pub fn poll_handshake(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Fault>> {
        loop {
            // Both may have something to say before they listen, so that nobody listens only then.
            let sent = match self.poll_sent(cx) {
                Poll::Ready(Err(error)) => return Poll::Ready(Err(self.broken_off(cx, error))),
                Poll::Ready(Ok(())) => self.wire.poll_flush(cx)?,
                Poll::Pending => Poll::Pending,
            };
            match &self.failed {
                Some(error) => return sent.map(|()| Err(problem::fault(error))),
                None if self.session.is_handshaking() => {}
                None => {
                    self.info = info(&self.session);
                    // A server's tickets come last. Who is to read them may want to write first.
                    let over = sent.is_ready() || matches!(*self.session, Connection::Server(_));
                    return if over { Poll::Ready(Ok(())) } else { Poll::Pending };
                }
            }
            match ready!(self.poll_more(cx)) {
                Ok(0) => return Poll::Ready(Err(problem::closed())),
                Ok(_) => {}
                Err(error) => return Poll::Ready(Err(problem::broken(error))),
            }
        }
    }

    /// A peer that has gone may have said why before.
    fn broken_off(&mut self, cx: &mut Context<'_>, error: io::Error) -> Fault {
        while self.failed.is_none() && matches!(self.poll_more(cx), Poll::Ready(Ok(1..))) {}
        self.failed.as_ref().map_or_else(|| problem::broken(error), problem::fault)
    }

    /// Decrypts some more, read from the wire unless there is some; 0 is the wire's end.
    fn poll_more(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<usize>> {
        if self.incoming.is_empty() {
            self.incoming.reserve(READ);
            match self.wire.poll_read(cx, &mut self.incoming) {
                Poll::Ready(Ok(_)) => {}
                // An idle connection holds no buffer.
                other => {
                    self.incoming = BytesMut::new();
                    return other;
                }
            }
        }
        let taken = self.session.read_tls(&mut (&mut self.incoming).reader())?;
        if let Err(error) = self.session.process_new_packets() {
            self.failed = Some(error);
            self.incoming.clear();
        }
        Poll::Ready(Ok(taken))
    }

    /// Takes what is decrypted, as much as there is room for; none is the end, and an error that says so that there is
    /// nothing yet.
    fn take(&mut self, buffer: &mut BytesMut) -> io::Result<usize> {
        let mut reader = self.session.reader();
        let here = reader.fill_buf()?;
        let amount = here.len().min(buffer.capacity() - buffer.len());
        buffer.extend_from_slice(&here[..amount]);
        reader.consume(amount);
        Ok(amount)
    }

    /// Ready when all that waits to be sent has been.
    fn poll_sent(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let Self { wire, session, .. } = self;
        while session.wants_write() {
            match session.write_tls(&mut Sink { wire, cx }) {
                Ok(0) => return Poll::Ready(Err(io::ErrorKind::WriteZero.into())),
                Ok(_) => {}
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Poll::Pending,
                Err(error) => return Poll::Ready(Err(error)),
            }
        }
        Poll::Ready(Ok(()))
    }

    /// Takes content, once what was taken before has left, and sends what can be sent of it.
    fn poll_take(
        &mut self,
        cx: &mut Context<'_>,
        take: impl FnOnce(&mut Connection) -> io::Result<usize>,
    ) -> Poll<io::Result<usize>> {
        ready!(self.poll_sent(cx))?;
        let taken = take(&mut self.session)?;
        // What cannot leave now does when more is written, or it is flushed.
        if let Poll::Ready(Err(error)) = self.poll_sent(cx) {
            return Poll::Ready(Err(error));
        }
        Poll::Ready(Ok(taken))
    }

    /// The wire below. What is read from it or written to it is no part of the session.
    pub const fn get_mut(&mut self) -> &mut W {
        &mut self.wire
    }
}

impl<W: Wire> Wire for Tls<W> {
    fn poll_read(
        &mut self,
        cx: &mut Context<'_>,
        buffer: &mut BytesMut,
    ) -> Poll<io::Result<usize>> {
        let before = buffer.len();
        loop {
            let taken = self.take(buffer);
            let got = buffer.len() - before;
            match taken {
                Ok(1..) if buffer.len() < buffer.capacity() => continue,
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                _ if got > 0 => return Poll::Ready(Ok(got)),
                Err(_) => return Poll::Ready(Err(problem::cut())),
                end => return Poll::Ready(end),
            }
            // What answers what was read, such as new keys or an alert; how sending fails, writing tells.
            let _ = self.poll_sent(cx);
            match &self.failed {
                _ if got > 0 && self.incoming.is_empty() => return Poll::Ready(Ok(got)),
                Some(error) => return Poll::Ready(Err(problem::fault(error).into())),
                None => ready!(self.poll_more(cx))?,
            };
        }
    }

    fn poll_write(&mut self, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        self.poll_take(cx, |session| session.writer().write(bytes))
    }

    fn poll_write_vectored(
        &mut self,
        cx: &mut Context<'_>,
        pieces: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.poll_take(cx, |session| session.writer().write_vectored(pieces))
    }

    fn poll_flush(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(self.poll_sent(cx))?;
        self.wire.poll_flush(cx)
    }

    fn poll_shutdown(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        if !self.closing {
            self.session.send_close_notify();
            self.closing = true;
        }
        ready!(self.poll_flush(cx))?;
        self.wire.poll_shutdown(cx)
    }

    fn has_failed(&self) -> bool {
        self.failed.is_some() || self.wire.has_failed()
    }

    fn peer(&self) -> Option<SocketAddr> {
        self.wire.peer()
    }

    fn tls(&self) -> Option<&TlsInfo> {
        self.info.as_ref()
    }
}

impl<W: fmt::Debug> fmt::Debug for Tls<W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tls")
            .field("wire", &self.wire)
            .field("info", &self.info)
            .finish_non_exhaustive()
    }
}

/// What both sides of a session have agreed on.
fn info(session: &Connection) -> Option<TlsInfo> {
    let version = match session.protocol_version()? {
        ProtocolVersion::TLSv1_3 => TlsVersion::V1_3,
        _ => TlsVersion::V1_2,
    };
    let cipher = session.negotiated_cipher_suite()?.suite().as_str().unwrap_or_default();
    let name = match session {
        Connection::Server(session) => session.server_name(),
        Connection::Client(_) => None,
    };
    let protocol = session.alpn_protocol().map(String::from_utf8_lossy);
    let certificates = session.peer_certificates().unwrap_or_default();
    let info = TlsInfo::new(version, cipher).with_server_name(name).with_protocol(protocol);
    Some(info.with_peer_certificates(certificates.iter().map(|der| der.to_vec()).collect()))
}

/// A wire as a session writes to it: what cannot be done at once is for later.
struct Sink<'a, 'b, W> {
    wire: &'a mut W,
    cx: &'a mut Context<'b>,
}

impl<W: Wire> Write for Sink<'_, '_, W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        now(self.wire.poll_write(self.cx, bytes))
    }

    fn write_vectored(&mut self, pieces: &[IoSlice<'_>]) -> io::Result<usize> {
        now(self.wire.poll_write_vectored(self.cx, pieces))
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn now<T>(done: Poll<io::Result<T>>) -> io::Result<T> {
    match done {
        Poll::Ready(done) => done,
        Poll::Pending => Err(io::ErrorKind::WouldBlock.into()),
    }
}

/// How much is read at a time: a whole record (RFC 8446 §5.2).
const READ: usize = 16 * 1024 + 512;
/// How much content is encrypted before the wire has taken what was encrypted before it.
const WRITTEN_AHEAD: usize = 64 * 1024;
