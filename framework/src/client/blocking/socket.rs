//! A socket that a thread waits for.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream};
#[cfg(unix)]
use std::os::unix::net::UnixStream;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use bytes::BytesMut;

use crate::drive::patience::Alarm;
use crate::wire::Wire;

/// A socket as a wire. What is asked of it is done at once or not at all, but for writing, which is tried for a moment;
/// [`wait`](Self::wait) is where the thread waits.
#[derive(Debug)]
pub(super) struct Socket {
    stream: Stream,
    /// What was read while it was waited for.
    ahead: BytesMut,
    /// How it ended while it was waited for.
    ended: Option<io::Result<usize>>,
    /// Each read waits for as long as it takes.
    waits: bool,
}

#[derive(Debug)]
pub(super) enum Stream {
    Tcp(TcpStream),
    #[cfg(unix)]
    Unix(UnixStream),
}

impl Socket {
    pub(super) fn new(stream: Stream) -> io::Result<Self> {
        stream.set_write_timeout(Some(MOMENT))?;
        Ok(Self { stream, ahead: BytesMut::new(), ended: None, waits: false })
    }

    /// From now on each read and each write waits for as long as it takes.
    pub(super) fn wait_always(&mut self) -> io::Result<()> {
        self.waits = true;
        self.stream.set_write_timeout(None)?;
        self.stream.set_read_timeout(None)
    }

    /// Waits until there is something to read, for this long at most.
    pub(super) fn wait(&mut self, limit: Option<Duration>) {
        if !self.ahead.is_empty() || self.ended.is_some() {
            return;
        }
        let limit = limit.map(|limit| limit.max(LEAST));
        let read = self.stream.set_read_timeout(limit).and_then(|()| {
            self.ahead.reserve(READ);
            read_into(&mut self.stream, &mut self.ahead)
        });
        match read {
            Ok(1..) => {}
            Err(error) if is_late(&error) => {}
            ended => self.ended = Some(ended),
        }
    }

    fn read_now(&mut self, buffer: &mut BytesMut) -> io::Result<usize> {
        if self.waits {
            return read_into(&mut self.stream, buffer);
        }
        self.stream.set_nonblocking(true)?;
        let read = read_into(&mut self.stream, buffer);
        self.stream.set_nonblocking(false)?;
        read
    }
}

impl Wire for Socket {
    fn poll_read(&mut self, _: &mut Context<'_>, buffer: &mut BytesMut) -> Poll<io::Result<usize>> {
        if !self.ahead.is_empty() {
            let read = std::mem::take(&mut self.ahead);
            buffer.extend_from_slice(&read);
            return Poll::Ready(Ok(read.len()));
        }
        if let Some(ended) = self.ended.take() {
            return Poll::Ready(ended);
        }
        or_pending(self.read_now(buffer))
    }

    fn poll_write(&mut self, _: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        or_pending(self.stream.write(bytes))
    }

    fn poll_flush(&mut self, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(&mut self, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(self.stream.shutdown())
    }

    fn peer(&self) -> Option<SocketAddr> {
        match &self.stream {
            Stream::Tcp(stream) => stream.peer_addr().ok(),
            #[cfg(unix)]
            Stream::Unix(_) => None,
        }
    }
}

/// Reads behind the bytes in the buffer, into the room that it has.
fn read_into(stream: &mut Stream, buffer: &mut BytesMut) -> io::Result<usize> {
    let before = buffer.len();
    buffer.resize(buffer.capacity().min(before + MOST), 0);
    let read = stream.read(&mut buffer[before..]);
    buffer.truncate(before + read.as_ref().map_or(0, |read| *read));
    read
}

fn or_pending(done: io::Result<usize>) -> Poll<io::Result<usize>> {
    match done {
        Err(error) if is_late(&error) => Poll::Pending,
        done => Poll::Ready(done),
    }
}

/// A timeout of a socket has either name, and a signal may come before it.
fn is_late(error: &io::Error) -> bool {
    use io::ErrorKind::{Interrupted, TimedOut, WouldBlock};
    matches!(error.kind(), Interrupted | TimedOut | WouldBlock)
}

/// The same call on whichever stream it is.
macro_rules! either {
    ($stream:expr, $inner:ident => $call:expr) => {
        match $stream {
            Stream::Tcp($inner) => $call,
            #[cfg(unix)]
            Stream::Unix($inner) => $call,
        }
    };
}

impl Stream {
    fn set_nonblocking(&self, nonblocking: bool) -> io::Result<()> {
        either!(self, stream => stream.set_nonblocking(nonblocking))
    }

    fn set_read_timeout(&self, limit: Option<Duration>) -> io::Result<()> {
        either!(self, stream => stream.set_read_timeout(limit))
    }

    fn set_write_timeout(&self, limit: Option<Duration>) -> io::Result<()> {
        either!(self, stream => stream.set_write_timeout(limit))
    }

    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        either!(self, stream => stream.read(buffer))
    }

    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        either!(self, stream => stream.write(bytes))
    }

    fn shutdown(&self) -> io::Result<()> {
        either!(self, stream => stream.shutdown(std::net::Shutdown::Write))
    }
}

/// The clock of a thread that waits: it remembers for what it was asked.
#[derive(Debug, Default)]
pub(super) struct Clock(Option<Instant>);

impl Clock {
    /// How much time is left of what was asked for since the last time this was; none if nothing was.
    pub(super) fn take(&mut self) -> Option<Duration> {
        self.0.take().map(|moment| moment.saturating_duration_since(Instant::now()))
    }
}

impl Alarm for Clock {
    type Moment = Instant;

    fn after(time: Duration) -> Option<Instant> {
        Instant::now().checked_add(time)
    }

    fn has_passed(moment: Instant) -> bool {
        Instant::now() >= moment
    }

    fn poll(&mut self, _: &mut Context<'_>, moment: Instant) -> Poll<()> {
        self.0 = Some(moment);
        if Self::has_passed(moment) { Poll::Ready(()) } else { Poll::Pending }
    }
}

/// How long a write is tried before it is looked whether the peer says something.
const MOMENT: Duration = Duration::from_millis(50);
/// The shortest time that a socket can be told.
const LEAST: Duration = Duration::from_millis(1);
/// How much is read at a time, at least and at most.
const READ: usize = 8 * 1024;
const MOST: usize = 64 * 1024;
