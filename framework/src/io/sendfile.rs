//! Files from the disk to a socket, by the operating system alone (`sendfile` of Linux).

use std::fs::File;
use std::io;
use std::os::fd::AsFd;
use std::task::{Context, Poll, ready};

use rustix::io::Errno;
use tokio::io::Interest;
use tokio::net::{TcpStream, UnixStream};

/// Sends some of a file: as much as the socket has room for.
pub(super) fn poll_send_file(
    socket: &impl Socket,
    cx: &mut Context<'_>,
    file: &File,
    offset: u64,
    length: usize,
) -> Poll<io::Result<usize>> {
    loop {
        // Asked first, so that a file that is all in memory uses up the turn of its task.
        ready!(socket.poll_write_ready(cx))?;
        let sent = socket.try_write_by(|| {
            let mut offset = offset;
            Ok(rustix::fs::sendfile(socket, file, Some(&mut offset), length)?)
        });
        match sent {
            Err(error) if is_to_be_tried_again(&error) => {}
            sent => return Poll::Ready(sent.map_err(told)),
        }
    }
}

fn is_to_be_tried_again(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::Interrupted)
}

/// What is said of files that lie where nothing can be sent from, and by systems that do not let us, is that they are
/// to be read.
fn told(error: io::Error) -> io::Error {
    match Errno::from_io_error(&error) {
        Some(Errno::INVAL | Errno::NOSYS | Errno::OPNOTSUPP | Errno::PERM) => {
            io::Error::new(io::ErrorKind::Unsupported, error)
        }
        _ => error,
    }
}

/// What `tokio`'s sockets have in common, without a trait of theirs for it.
pub(super) trait Socket: AsFd {
    fn poll_write_ready(&self, cx: &mut Context<'_>) -> Poll<io::Result<()>>;

    /// Writes by other means, if there is room.
    fn try_write_by(&self, write: impl FnOnce() -> io::Result<usize>) -> io::Result<usize>;
}

impl Socket for TcpStream {
    fn poll_write_ready(&self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.poll_write_ready(cx)
    }

    fn try_write_by(&self, write: impl FnOnce() -> io::Result<usize>) -> io::Result<usize> {
        self.try_io(Interest::WRITABLE, write)
    }
}

impl Socket for UnixStream {
    fn poll_write_ready(&self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.poll_write_ready(cx)
    }

    fn try_write_by(&self, write: impl FnOnce() -> io::Result<usize>) -> io::Result<usize> {
        self.try_io(Interest::WRITABLE, write)
    }
}
