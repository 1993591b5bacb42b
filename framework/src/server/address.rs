//! Addresses: the words for a place to listen, and the place that came of them.

use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;

/// A place where a server listens; printed, it is `http://127.0.0.1:8080`, `https://127.0.0.1:8443` or `unix:/run/app.sock`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Address {
    /// An address and a port of TCP.
    Tcp(SocketAddr),
    /// An address and a port of TCP, by TLS.
    Tls(SocketAddr),
    /// The path of a Unix socket; empty for one without, which something else made.
    Unix(PathBuf),
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tcp(address) => write!(f, "http://{address}"),
            Self::Tls(address) => write!(f, "https://{address}"),
            Self::Unix(path) => write!(f, "unix:{}", path.display()),
        }
    }
}

/// The first address of TCP.
pub(super) fn first_of_tcp<'a>(addresses: impl Iterator<Item = &'a Address>) -> SocketAddr {
    let first = addresses.filter_map(Address::tcp).next();
    first.expect("an address of TCP, but it listens on Unix sockets alone")
}

impl Address {
    /// Address and port, if it is of TCP.
    #[must_use]
    pub const fn tcp(&self) -> Option<SocketAddr> {
        match self {
            Self::Tcp(address) | Self::Tls(address) => Some(*address),
            Self::Unix(_) => None,
        }
    }
}

/// What the words for an address ask for.
#[derive(Debug)]
pub(super) struct Wish {
    pub(super) place: Place,
    pub(super) options: Options,
}

#[derive(Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// What the parent process listens on already.
    Inherited,
    Unix(PathBuf),
    /// A host and a port, still in words.
    Tcp(String),
}

/// What stands behind the `?` of an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Options {
    pub(super) only_v6: bool,
    pub(super) shared: bool,
    pub(super) mode: u32,
}

impl Wish {
    /// Takes the words apart.
    pub(super) fn of(words: &str) -> io::Result<Self> {
        let (place, options) = words.split_once('?').unwrap_or((words, ""));
        let place = match place.strip_prefix("unix:") {
            Some(path) => Place::Unix(path.into()),
            None if place == "inherited" => Place::Inherited,
            None => Place::Tcp(place.into()),
        };
        Ok(Self { place, options: Options::of(options)? })
    }
}

impl Options {
    fn of(words: &str) -> io::Result<Self> {
        let mut options = Self::default();
        for word in words.split('&').filter(|word| !word.is_empty()) {
            match word.split_once('=') {
                None if word == "only-v6" => options.only_v6 = true,
                None if word == "shared" => options.shared = true,
                Some(("mode", digits)) => options.mode = mode(digits)?,
                _ => return Err(unknown(word)),
            }
        }
        Ok(options)
    }
}

impl Default for Options {
    fn default() -> Self {
        Self { only_v6: false, shared: false, mode: 0o660 }
    }
}

fn mode(digits: &str) -> io::Result<u32> {
    let mode = u32::from_str_radix(digits, 8).ok().filter(|mode| *mode <= 0o777);
    mode.ok_or_else(|| {
        let said = format!("`{digits}` is no mode; it is octal, such as 660");
        io::Error::new(io::ErrorKind::InvalidData, said)
    })
}

fn unknown(word: &str) -> io::Error {
    let said = format!("`{word}` is no option; there are `only-v6`, `shared` and `mode=660`");
    io::Error::new(io::ErrorKind::InvalidData, said)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_taken_apart() {
        let wish = Wish::of("unix:/run/app.sock?mode=600").unwrap();
        assert_eq!(wish.place, Place::Unix("/run/app.sock".into()));
        assert_eq!(wish.options, Options { mode: 0o600, ..Options::default() });
        let wish = Wish::of("[::]:80?only-v6&shared").unwrap();
        assert_eq!(wish.place, Place::Tcp("[::]:80".into()));
        assert_eq!((wish.options.only_v6, wish.options.shared), (true, true));
        assert_eq!(Wish::of("inherited").unwrap().place, Place::Inherited);
        for wrong in ["a:1?only-v4", "a:1?shared=yes", "unix:a?mode=9", "unix:a?mode=7777"] {
            assert!(Wish::of(wrong).is_err(), "{wrong}");
        }
    }
}
