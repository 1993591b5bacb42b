//! Origins: whom requests are sent to (RFC 6454 §4).

use std::fmt;
use std::hash::{BuildHasher, Hash, Hasher, RandomState};
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::LazyLock;

use super::authority::Authority;
use super::url::Url;
use crate::service::{Fault, FaultKind};

/// Whether what travels is in the clear.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Scheme {
    /// In the clear; port 80 unless told.
    Http,
    /// By TLS; port 443 unless told.
    Https,
}

/// Whom requests are sent to: a scheme, a host and a port; or a Unix socket. Two of them are equal if a connection to
/// the one serves the other.
///
/// ```
/// use counterpart::client::{Origin, Scheme};
///
/// let origin: Origin = "HTTPS://Example.com:443".parse()?;
/// assert_eq!((origin.scheme(), origin.host(), origin.port()), (Scheme::Https, "example.com", 443));
/// assert_eq!(origin.to_string(), "https://example.com");
/// // What is no URL is a host, in the clear.
/// assert_eq!("localhost:8080".parse::<Origin>()?.to_string(), "http://localhost:8080");
/// # Ok::<(), counterpart::Fault>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Origin {
    /// Of what follows, as each call asks for it.
    hash: u64,
    scheme: Scheme,
    place: Place,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Place {
    Host(Authority),
    Socket(PathBuf),
}

impl Scheme {
    /// The port that goes without saying (RFC 9110 §4.2).
    #[must_use]
    pub const fn default_port(self) -> u16 {
        match self {
            Self::Http => 80,
            Self::Https => 443,
        }
    }

    /// `http` or `https`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Http => "http",
            Self::Https => "https",
        }
    }
}

impl Origin {
    /// A host by a scheme.
    #[must_use]
    pub fn new(scheme: Scheme, authority: Authority) -> Self {
        Self::of(scheme, Place::Host(authority.without_port(scheme.default_port())))
    }

    /// A Unix socket. Its requests are for `localhost`, unless they say otherwise.
    #[must_use]
    pub fn socket(path: impl Into<PathBuf>) -> Self {
        Self::of(Scheme::Http, Place::Socket(path.into()))
    }

    fn of(scheme: Scheme, place: Place) -> Self {
        Self { hash: KEYS.hash_one((scheme, &place)), scheme, place }
    }

    /// Whether what travels is in the clear.
    #[must_use]
    pub const fn scheme(&self) -> Scheme {
        self.scheme
    }

    /// The host as it is looked up; that of a Unix socket is `localhost`.
    #[must_use]
    pub fn host(&self) -> &str {
        match &self.place {
            Place::Host(authority) => authority.host(),
            Place::Socket(_) => NOWHERE,
        }
    }

    /// The port.
    #[must_use]
    pub fn port(&self) -> u16 {
        let default = self.scheme.default_port();
        match &self.place {
            Place::Host(authority) => authority.port_or(default),
            Place::Socket(_) => default,
        }
    }

    /// The path of the Unix socket, if it is one.
    #[must_use]
    pub fn path(&self) -> Option<&Path> {
        match &self.place {
            Place::Host(_) => None,
            Place::Socket(path) => Some(path),
        }
    }

    /// As the `Host` field of a request names it: without a zone, and without the default port.
    #[must_use]
    pub fn named(&self) -> String {
        match &self.place {
            Place::Host(authority) => authority.named(self.scheme.default_port()),
            Place::Socket(_) => NOWHERE.to_owned(),
        }
    }
}

impl Hash for Origin {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_u64(self.hash);
    }
}

/// What has its hash already is looked up by that: a map by [`Origin`].
#[cfg(feature = "client")]
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Hashed(u64);

#[cfg(feature = "client")]
impl Hasher for Hashed {
    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|byte| self.0 = self.0.rotate_left(8) ^ u64::from(*byte));
    }

    fn write_u64(&mut self, hash: u64) {
        self.0 = hash;
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

impl fmt::Debug for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Origin").field("scheme", &self.scheme).field("place", &self.place).finish()
    }
}

impl From<Authority> for Origin {
    fn from(authority: Authority) -> Self {
        Self::new(Scheme::Http, authority)
    }
}

/// As a URL without a path.
impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.place {
            Place::Host(_) => write!(f, "{}://{}", self.scheme.as_str(), self.named()),
            Place::Socket(path) => write!(f, "unix:{}", path.display()),
        }
    }
}

/// A URL without a path, `unix:` and a path, or an authority, which is one in the clear.
impl FromStr for Origin {
    type Err = Fault;

    fn from_str(text: &str) -> Result<Self, Fault> {
        if let Some(path) = text.strip_prefix("unix:") {
            return Ok(Self::socket(path));
        }
        if !text.contains("://") {
            return text.parse::<Authority>().map(Self::from);
        }
        let url = Url::read(text)?;
        match url.target {
            "" | "/" => Ok(url.origin),
            _ => Err(Fault::new(
                FaultKind::InvalidUrl,
                format!("`{}` is followed by a path, which no connection has", url.origin),
            )),
        }
    }
}

/// That an origin cannot be called by a program that was built without TLS.
#[cfg(not(feature = "tls"))]
pub(super) fn needs_tls(origin: &Origin) -> Fault {
    let why = format!("`{origin}` asks for TLS, which is the feature `tls`");
    Fault::new(FaultKind::InvalidUrl, why)
}

/// Made anew in each process: nobody can name origins that lie in one place of a table.
static KEYS: LazyLock<RandomState> = LazyLock::new(RandomState::new);

/// Whom requests are for where the wire has no name.
pub(super) const NOWHERE: &str = "localhost";

#[cfg(test)]
mod tests {
    use super::*;

    fn origin(text: &str) -> Origin {
        text.parse().unwrap()
    }

    #[test]
    fn a_default_port_makes_no_difference() {
        assert_eq!(origin("http://h:80"), origin("H"));
        assert_eq!(origin("https://h:443/"), origin("https://h"));
        assert_ne!(origin("https://h:80"), origin("https://h"));
        assert_ne!(origin("http://h:443"), origin("https://h"));
    }

    /// C4: the default port is that of the scheme.
    #[test]
    fn named_without_its_default_port() {
        assert_eq!(origin("https://h:443").named(), "h");
        assert_eq!(origin("https://h:80").named(), "h:80");
        assert_eq!(origin("http://h:443").named(), "h:443");
        assert_eq!(origin("https://[::1]").to_string(), "https://[::1]");
    }

    #[test]
    fn a_socket_is_a_path() {
        let socket = origin("unix:/run/app.sock");
        assert_eq!(socket.path(), Some("/run/app.sock".as_ref()));
        assert_eq!(
            (socket.named(), socket.to_string()),
            ("localhost".into(), "unix:/run/app.sock".into())
        );
    }

    #[test]
    fn a_path_is_not_left_out_silently() {
        let fault = "http://h/a".parse::<Origin>().unwrap_err();
        assert!(fault.to_string().contains("path"), "{fault}");
    }
}
