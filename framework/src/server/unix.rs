//! Unix sockets: their files, which outlive a server that is killed.

use std::fs::{self, Permissions};
use std::io;
use std::os::unix::fs::{FileTypeExt, MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};

use socket2::{Domain, SockAddr, Socket, Type};

use super::address::Options;
use super::listener::{BACKLOG, Listener};

/// The file of a socket, removed when it is dropped, unless another has taken its place.
#[derive(Debug)]
pub(super) struct SocketFile {
    path: PathBuf,
    /// Device and inode.
    identity: (u64, u64),
}

/// Listens at a path; a file that a server left behind there is replaced.
pub(super) fn listen(path: &Path, options: Options) -> io::Result<Listener> {
    if path.as_os_str().is_empty() {
        return Err(io::ErrorKind::InvalidInput.into());
    }
    let socket = Socket::new(Domain::UNIX, Type::STREAM, None)?;
    let address = SockAddr::unix(path)?;
    if let Err(error) = socket.bind(&address) {
        if error.kind() != io::ErrorKind::AddrInUse || !is_left_behind(path)? {
            return Err(error);
        }
        fs::remove_file(path)?;
        socket.bind(&address)?;
    }
    let file = SocketFile::new(path)?;
    // Nobody can connect before `listen`, so nobody sees the mode it had before.
    fs::set_permissions(path, Permissions::from_mode(options.mode))?;
    socket.listen(BACKLOG)?;
    Listener::unix(socket.into(), Some(file))
}

/// Whether nobody listens on the socket at a path.
fn is_left_behind(path: &Path) -> io::Result<bool> {
    if !fs::symlink_metadata(path)?.file_type().is_socket() {
        let said = "there is a file of this name, which is no socket";
        return Err(io::Error::new(io::ErrorKind::AlreadyExists, said));
    }
    let socket = Socket::new(Domain::UNIX, Type::STREAM, None)?;
    // One who listens, but with a full queue, is not waited for.
    socket.set_nonblocking(true)?;
    match socket.connect(&SockAddr::unix(path)?) {
        Err(error) if error.kind() == io::ErrorKind::ConnectionRefused => Ok(true),
        _ => Ok(false),
    }
}

impl SocketFile {
    fn new(path: &Path) -> io::Result<Self> {
        // A server may go to another folder later.
        let path = std::path::absolute(path)?;
        Ok(Self { identity: identity(&path)?, path })
    }
}

impl Drop for SocketFile {
    fn drop(&mut self) {
        if identity(&self.path).is_ok_and(|found| found == self.identity) {
            // What cannot be removed is replaced by the next server.
            let _ = fs::remove_file(&self.path);
        }
    }
}

fn identity(path: &Path) -> io::Result<(u64, u64)> {
    let metadata = fs::symlink_metadata(path)?;
    Ok((metadata.dev(), metadata.ino()))
}
