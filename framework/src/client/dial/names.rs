//! Names: which addresses a host has, and which of them may be called.

use std::fmt;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use crate::client::Connector;
use crate::service::{BoxFuture, Fault, FaultKind};

/// Finds the addresses of a name, in the place of the system's own resolver.
///
/// Functions are resolvers too:
///
/// ```
/// use std::net::SocketAddr;
/// use counterpart::client::Connector;
///
/// let connector = Connector::new().resolver(|host: String, port: u16| async move {
///     match host.as_str() {
///         "db.internal" => Ok(vec![SocketAddr::from(([10, 0, 0, 7], port))]),
///         _ => Err(std::io::Error::other("only db.internal is known here")),
///     }
/// });
/// ```
pub trait Resolver: Send + Sync + 'static {
    /// The addresses of a host, with the port of the URL or another. The first one's family, IPv6 or IPv4, is tried
    /// first, and then both in turn.
    ///
    /// # Errors
    /// If the name has none; the call then fails with [`FaultKind::Connect`].
    fn resolve(
        &self,
        host: &str,
        port: u16,
    ) -> impl Future<Output = io::Result<Vec<SocketAddr>>> + Send;
}

impl<F, U> Resolver for F
where
    F: Fn(String, u16) -> U + Send + Sync + 'static,
    U: Future<Output = io::Result<Vec<SocketAddr>>> + Send,
{
    fn resolve(
        &self,
        host: &str,
        port: u16,
    ) -> impl Future<Output = io::Result<Vec<SocketAddr>>> + Send {
        self(host.to_owned(), port)
    }
}

/// What a program says of names and addresses.
#[derive(Clone, Default)]
pub(in crate::client) struct Names {
    fixed: Vec<(Box<str>, Box<[IpAddr]>)>,
    pub(super) resolve: Option<Arc<Resolve>>,
    allows: Option<Arc<dyn Fn(IpAddr) -> bool + Send + Sync>>,
}

pub(super) type Resolve =
    dyn Fn(String, u16) -> BoxFuture<'static, io::Result<Vec<SocketAddr>>> + Send + Sync;

impl Connector {
    /// Asks this resolver for the addresses of names. Default: the system's.
    ///
    /// A connection that blocks asks it on a thread of its own, where there is no runtime.
    #[must_use]
    pub fn resolver(mut self, resolver: impl Resolver) -> Self {
        let resolver = Arc::new(resolver);
        self.dial.names.resolve = Some(Arc::new(move |host, port| {
            let resolver = resolver.clone();
            Box::pin(async move { resolver.resolve(&host, port).await })
        }));
        self
    }

    /// Calls a name at these addresses without asking anybody, at the port of the URL.
    ///
    /// ```
    /// use std::net::Ipv4Addr;
    /// use counterpart::client::Connector;
    ///
    /// let connector = Connector::new().resolve("example.com", [Ipv4Addr::new(127, 0, 0, 1)]);
    /// ```
    #[must_use]
    pub fn resolve<A: Into<IpAddr>>(
        mut self,
        name: &str,
        addresses: impl IntoIterator<Item = A>,
    ) -> Self {
        let addresses = addresses.into_iter().map(Into::into).collect();
        self.dial.names.fixed.push((name.to_ascii_lowercase().into(), addresses));
        self
    }

    /// Calls no address but those that the function allows. Default: all.
    ///
    /// It is asked for each address that a name turned out to have, so that no name leads where none may go, and for
    /// addresses that stand in URLs; of each redirection too. A name of which no address is left is a fault of the
    /// kind [`FaultKind::InvalidUrl`], and nothing is sent. Proxies, which the program names itself, are called
    /// whatever their address; a name that is called through one is looked up there, out of its reach. Unix sockets
    /// have no address.
    ///
    /// For programs that call URLs which others give them:
    ///
    /// ```
    /// use counterpart::client::{self, Client, Connector};
    ///
    /// # fn main() -> Result<(), counterpart::Fault> {
    /// let connector = Connector::new().allow_addresses(client::is_public);
    /// let client = Client::new("http://example.com")?.with_connector(connector);
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn allow_addresses(
        mut self,
        allows: impl Fn(IpAddr) -> bool + Send + Sync + 'static,
    ) -> Self {
        self.dial.names.allows = Some(Arc::new(allows));
        self
    }
}

impl Names {
    /// The addresses of a host that nobody need be asked for.
    pub(super) fn known(&self, host: &str, port: u16) -> Option<Vec<SocketAddr>> {
        let at = |address: &IpAddr| SocketAddr::new(*address, port);
        if let Ok(address) = host.parse() {
            return Some(vec![at(&address)]);
        }
        let (_, fixed) = self.fixed.iter().rev().find(|(name, _)| **name == *host)?;
        Some(fixed.iter().map(at).collect())
    }

    /// Leaves those that may be called.
    pub(super) fn filter(&self, host: &str, found: &mut Vec<SocketAddr>) -> Result<(), Fault> {
        let Some(allows) = &self.allows else { return Ok(()) };
        let Some(first) = found.first().map(SocketAddr::ip) else { return Ok(()) };
        found.retain(|address| allows(address.ip()));
        if found.is_empty() {
            let why = format!("`{host}` is {first}, an address that this client may not call");
            return Err(Fault::new(FaultKind::InvalidUrl, why));
        }
        Ok(())
    }
}

/// The two families in turn, that of the first address first (RFC 8305 §4): where one of them leads nowhere, the
/// second try is not lost on it.
pub(super) fn in_turn(found: &[SocketAddr]) -> Vec<SocketAddr> {
    let is_first = |address: &SocketAddr| address.is_ipv4() == found[0].is_ipv4();
    let (first, second): (Vec<_>, Vec<_>) = found.iter().copied().partition(is_first);
    let mut second = second.into_iter();
    let mut ordered = Vec::with_capacity(found.len());
    for address in first {
        ordered.push(address);
        ordered.extend(second.next());
    }
    ordered.extend(second);
    ordered
}

impl fmt::Debug for Names {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Names").field("fixed", &self.fixed).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ordered(addresses: &[&str]) -> String {
        let found = addresses.iter().map(|address| SocketAddr::new(address.parse().unwrap(), 80));
        let shown = in_turn(&found.collect::<Vec<_>>());
        shown.iter().map(|to| to.ip().to_string()).collect::<Vec<_>>().join(" ")
    }

    /// C28: the families are tried in turn.
    #[test]
    fn families_take_turns() {
        assert_eq!(ordered(&["::1", "::2", "::3", "1.0.0.1"]), "::1 1.0.0.1 ::2 ::3");
        assert_eq!(ordered(&["1.0.0.1", "1.0.0.2", "::1"]), "1.0.0.1 ::1 1.0.0.2");
        assert_eq!(ordered(&["::1", "1.0.0.1", "1.0.0.2"]), "::1 1.0.0.1 1.0.0.2");
        assert_eq!(ordered(&["::1"]), "::1");
    }

    #[test]
    fn what_was_said_of_a_name_last_counts() {
        let connector = Connector::new()
            .resolve("A.example", [IpAddr::from([1, 0, 0, 1])])
            .resolve("a.example", [IpAddr::from([1, 0, 0, 2])]);
        let names = &connector.dial.names;
        assert_eq!(names.known("a.example", 7), Some(vec!["1.0.0.2:7".parse().unwrap()]));
        assert_eq!(names.known("::1", 7), Some(vec!["[::1]:7".parse().unwrap()]));
        assert_eq!(names.known("b.example", 7), None);
    }
}
