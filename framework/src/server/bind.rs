//! Binding: from the words for an address to listeners, or to words on why not.

use std::fmt;
use std::io;
use std::net::SocketAddr;

use listenfd::ListenFd;
use tokio::net::lookup_host;

use super::address::{Address, Options, Place, Wish};
use super::listener::Listener;

/// An address that cannot be listened on, and what to do about it.
#[derive(Debug)]
pub struct BindError {
    address: String,
    source: io::Error,
}

/// Listens wherever the words say.
pub(super) async fn listen(words: String) -> Result<Vec<Listener>, BindError> {
    at(&words, Claim::Alone).await.map_err(|source| BindError { address: words, source })
}

/// The same for listeners of which there are to be several for one port.
pub(super) async fn listen_shared(words: String) -> Result<Vec<Listener>, BindError> {
    at(&words, Claim::Several).await.map_err(|source| BindError { address: words, source })
}

/// Who is to listen on a port.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Claim {
    Alone,
    Several,
}

async fn at(words: &str, claim: Claim) -> io::Result<Vec<Listener>> {
    let Wish { place, options } = Wish::of(words)?;
    match place {
        Place::Tcp(name) => {
            let found: Vec<SocketAddr> = lookup_host(name).await?.collect();
            all(&found, options, claim)
        }
        Place::Inherited => inherited(),
        #[cfg(unix)]
        Place::Unix(path) => Ok(vec![super::unix::listen(&path, options)?]),
        #[cfg(not(unix))]
        Place::Unix(_) => Err(io::ErrorKind::Unsupported.into()),
    }
}

fn tcp(at: SocketAddr, options: Options, claim: Claim) -> io::Result<Listener> {
    let several = cfg!(target_os = "linux") && claim == Claim::Several;
    if options.shared || !several {
        return Listener::tcp(at, options);
    }
    // A port that other programs share can be shared with them unawares, so it is taken alone first.
    let taken = Listener::tcp(at, options)?;
    let Address::Tcp(at) = taken.address else { return Ok(taken) };
    drop(taken);
    Listener::tcp(at, Options { shared: true, ..options })
}

/// Listens on each address of a name, at one port: who calls `localhost` may mean any of its addresses. An address
/// that this machine does not have is left out, as long as there is another.
fn all(found: &[SocketAddr], options: Options, claim: Claim) -> io::Result<Vec<Listener>> {
    let free = found.iter().any(|at| at.port() == 0);
    for _ in 1..TRIES {
        match all_once(found, options, claim) {
            // The free port of one address may be taken at the next.
            Err(error) if free && error.kind() == io::ErrorKind::AddrInUse => {}
            listening => return listening,
        }
    }
    all_once(found, options, claim)
}

fn all_once(found: &[SocketAddr], options: Options, claim: Claim) -> io::Result<Vec<Listener>> {
    let mut listeners: Vec<Listener> = Vec::new();
    let (mut port, mut failed) = (None, None);
    for (number, at) in found.iter().enumerate() {
        if found[..number].contains(at) {
            continue;
        }
        let at = SocketAddr::new(at.ip(), port.unwrap_or(at.port()));
        match tcp(at, options, claim) {
            Ok(listener) => {
                if let Address::Tcp(at) = listener.address {
                    port = Some(at.port());
                }
                listeners.push(listener);
            }
            Err(error) if error.kind() == io::ErrorKind::AddrInUse => return Err(error),
            Err(error) => failed = Some(error),
        }
    }
    match failed {
        Some(error) if listeners.is_empty() => Err(error),
        None if listeners.is_empty() => Err(io::ErrorKind::NotFound.into()),
        _ => Ok(listeners),
    }
}

/// All that the parent process listens on for us, by the rules of `sd_listen_fds(3)`.
fn inherited() -> io::Result<Vec<Listener>> {
    let mut passed = ListenFd::from_env();
    if passed.len() == 0 {
        return Err(io::Error::new(
            io::ErrorKind::NotFound,
            "no listener was passed: LISTEN_FDS is not set, or LISTEN_PID is not this process, or they were taken \
             before; start the program by systemd's socket unit, or give an address",
        ));
    }
    (0..passed.len()).map(|number| take(&mut passed, number)).collect()
}

fn take(passed: &mut ListenFd, number: usize) -> io::Result<Listener> {
    #[cfg(unix)]
    if let Ok(Some(socket)) = passed.take_unix_listener(number) {
        return Listener::unix(socket, None);
    }
    match passed.take_tcp_listener(number)? {
        Some(socket) => Listener::made(socket),
        None => Err(io::ErrorKind::NotFound.into()),
    }
}

impl BindError {
    /// What kind of error the operating system gave.
    #[must_use]
    pub fn kind(&self) -> io::ErrorKind {
        self.source.kind()
    }
}

impl fmt::Display for BindError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { address, source } = self;
        let is_path = address.starts_with("unix:");
        match source.kind() {
            io::ErrorKind::AddrInUse => write!(
                f,
                "the address {address} is taken: another program listens there; stop it or choose another {}",
                if is_path { "path" } else { "port" }
            ),
            io::ErrorKind::PermissionDenied if is_path => write!(
                f,
                "the address {address} is not allowed: the folder must be one that we may write to"
            ),
            io::ErrorKind::PermissionDenied => write!(
                f,
                "the address {address} is not allowed: ports below 1024 need a privilege; choose a port above"
            ),
            io::ErrorKind::AddrNotAvailable => write!(
                f,
                "the address {address} is not one of this machine; 0.0.0.0 stands for all that are"
            ),
            io::ErrorKind::InvalidInput if is_path => write!(
                f,
                "`{address}` is not an address: the path of a socket is not empty and has 107 bytes at most"
            ),
            io::ErrorKind::InvalidInput => write!(
                f,
                "`{address}` is not an address; it is a host and a port, such as 127.0.0.1:8080, or a path, such as \
                 unix:/run/app.sock, or `inherited`"
            ),
            _ => write!(f, "the address {address} cannot be listened on"),
        }
    }
}

impl std::error::Error for BindError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.source)
    }
}

/// How often a free port is looked for that is free at all addresses of a name.
const TRIES: usize = 8;
