//! Proxies: by whom requests are passed on.
//!
//! Here: which proxy an origin is called through, what it is told, and a tunnel through one. In the clear it passes
//! requests on itself (RFC 9112 §3.2.2); what is to be by TLS goes through a tunnel (RFC 9110 §9.3.6), of whose bytes it
//! sees none.
//! Not here: SOCKS, which no proxy of HTTP speaks.
//! Read in this order: `except`, this file, `env`, `tunnel`.

mod env;
mod except;
mod tunnel;

use std::fmt;
use std::sync::Arc;

use http::{HeaderName, HeaderValue, Method, header};
use percent_encoding::percent_decode_str;

use super::calls::basic;
use super::connector::Connector;
use super::origin::{Origin, Scheme};
use crate::service::{Fault, FaultKind};
use crate::text::RequestHead;
use except::Exceptions;

pub use tunnel::Refusal;

/// A proxy, whom it serves, and what it is told.
///
/// ```
/// use counterpart::client::{Client, Connector, Proxy};
///
/// # fn main() -> Result<(), counterpart::Fault> {
/// let proxy = Proxy::all("http://proxy.example:3128")?
///     .basic_auth("user", "password")?
///     .no_proxy("localhost, .internal.example, 10.0.0.0/8");
/// let connector = Connector::new().proxy(proxy);
/// let client = Client::new("https://api.example")?.with_connector(connector);
/// # Ok(())
/// # }
/// ```
///
/// Its credentials and fields go to the proxy alone: with each request that it passes on, and with the question for a
/// tunnel; never to a server, wherever a redirection leads, and into no log. A URL may hold a name and a password,
/// `http://user:password@proxy.example:3128`, percent-encoded where they need be. A proxy over TLS is
/// `https://proxy.example`. One at a Unix socket is `unix:/run/proxy.sock`.
#[derive(Clone)]
pub struct Proxy {
    /// The scheme of those that it serves; none for all.
    scheme: Option<Scheme>,
    origin: Arc<Origin>,
    fields: Vec<(HeaderName, HeaderValue)>,
    except: Exceptions,
}

/// How an origin is reached.
#[derive(Debug, Clone, Copy)]
pub(super) enum Way<'c> {
    Direct,
    /// The proxy is sent the requests.
    Forward(&'c Arc<Proxy>),
    /// The proxy passes bytes on.
    Tunnel(&'c Arc<Proxy>),
}

impl Proxy {
    /// For URLs of the scheme `http`.
    ///
    /// # Errors
    /// [`FaultKind::InvalidUrl`] if this is no URL of a proxy.
    pub fn http(url: &str) -> Result<Self, Fault> {
        Self::new(Some(Scheme::Http), url)
    }

    /// For URLs of the scheme `https`.
    ///
    /// # Errors
    /// As [`http`](Self::http).
    pub fn https(url: &str) -> Result<Self, Fault> {
        Self::new(Some(Scheme::Https), url)
    }

    /// For all URLs.
    ///
    /// # Errors
    /// As [`http`](Self::http).
    pub fn all(url: &str) -> Result<Self, Fault> {
        Self::new(None, url)
    }

    fn new(scheme: Option<Scheme>, url: &str) -> Result<Self, Fault> {
        let (url, user) = without_user(url);
        if url.starts_with("socks") {
            return Err(invalid("proxies are spoken to in HTTP, not in SOCKS"));
        }
        let origin = Arc::new(url.parse()?);
        let proxy = Self { scheme, origin, fields: Vec::new(), except: Exceptions::default() };
        let Some(user) = user else { return Ok(proxy) };
        let (user, password) = user.split_once(':').unwrap_or((user, ""));
        let decoded = |text| percent_decode_str(text).decode_utf8();
        match (decoded(user), decoded(password)) {
            (Ok(user), Ok(password)) => proxy.basic_auth(&user, &password),
            _ => Err(invalid("the name or the password of a proxy is not UTF-8")),
        }
    }

    /// Tells the proxy a name and a password (RFC 7617).
    ///
    /// # Errors
    /// [`FaultKind::InvalidRequest`] if there is a `:` in the name, or a control character anywhere.
    pub fn basic_auth(self, user: &str, password: &str) -> Result<Self, Fault> {
        Ok(self.header(header::PROXY_AUTHORIZATION, basic(user, password)?))
    }

    /// Tells the proxy this field, too, in the place of what it was told by that name before.
    #[must_use]
    pub fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.fields.retain(|(told, _)| *told != name);
        self.fields.push((name, value));
        self
    }

    /// Does not serve these: words parted by commas, such as `localhost`, `example.com` or `.example.com` for a name
    /// and all below it, `10.0.0.7`, `10.0.0.0/8` or `[::1]` for addresses that stand in URLs, each of them with a
    /// port or without, and `*` for everybody. No name is looked up for this. Adds to what was said before.
    #[must_use]
    pub fn no_proxy(mut self, list: &str) -> Self {
        self.except.add(list);
        self
    }

    fn serves(&self, origin: &Origin) -> bool {
        origin.path().is_none()
            && self.scheme.is_none_or(|scheme| scheme == origin.scheme())
            && !self.except.names(origin.host(), origin.port())
    }

    pub(super) const fn origin(&self) -> &Arc<Origin> {
        &self.origin
    }

    /// Writes the head of a request as the proxy is to pass it on: with its target in the absolute form.
    pub(super) fn forward(&self, head: &mut RequestHead, origin: &Origin) {
        let rest: &[u8] = match head.target.first() {
            Some(b'/') => &head.target,
            // The server itself is meant, and no path of it (RFC 9112 §3.2.4).
            Some(b'*') => b"",
            _ => return,
        };
        if head.method != Method::CONNECT {
            head.target = [origin.to_string().as_bytes(), rest].concat().into();
        }
        for (name, value) in &self.fields {
            head.fields.remove(name);
            head.fields.append(name.clone(), value.clone());
        }
    }
}

impl Connector {
    /// Calls through this proxy whom it serves. Of several the first that does is asked. Default: none; what a program
    /// calls, and who sees it, does not hang on its environment unless it says so
    /// ([`proxies_from_env`](Self::proxies_from_env)).
    ///
    /// A name that is called through a proxy is looked up there. A [Unix socket](Self::unix) is reached without one. A
    /// connection that blocks goes through none: where one would be asked it fails, rather than go around it.
    #[must_use]
    pub fn proxy(self, proxy: Proxy) -> Self {
        let names = proxy.fields.iter().map(|(name, _)| name.clone());
        let mut hiding = names.fold(self, Self::hide);
        hiding.proxies.push(Arc::new(proxy));
        hiding
    }

    /// Which way leads to an origin.
    pub(super) fn way_to(&self, origin: &Origin) -> Result<Way<'_>, Fault> {
        if self.proxies.is_empty() || self.unix.is_some() {
            return Ok(Way::Direct);
        }
        let Some(proxy) = self.proxies.iter().find(|proxy| proxy.serves(origin)) else {
            return Ok(Way::Direct);
        };
        self.dial.may_call(origin)?;
        Ok(match origin.scheme() {
            Scheme::Http => Way::Forward(proxy),
            Scheme::Https => Way::Tunnel(proxy),
        })
    }

    /// The proxy that is sent the requests for an origin, for a connection by hand.
    pub(super) fn forward_to(&self, origin: &Origin) -> Option<(Arc<Proxy>, Origin)> {
        match self.way_to(origin) {
            Ok(Way::Forward(proxy)) => Some((proxy.clone(), origin.clone())),
            _ => None,
        }
    }

    /// The head of a request as it goes out on its way; none if that is as it is.
    pub(super) fn rewritten(
        &self,
        head: &RequestHead,
        way: Way<'_>,
        origin: &Origin,
    ) -> Option<Box<RequestHead>> {
        if let Way::Forward(proxy) = way {
            let mut head = Box::new(head.clone());
            proxy.forward(&mut head, origin);
            return Some(head);
        }
        // Credentials for a proxy that does not see the request are nobody's business.
        let stray = !self.proxies.is_empty() && head.fields.contains(header::PROXY_AUTHORIZATION);
        stray.then(|| {
            let mut head = Box::new(head.clone());
            head.fields.remove(header::PROXY_AUTHORIZATION);
            head
        })
    }
}

/// A URL without what stands before the last `@` of its authority, and that.
fn without_user(url: &str) -> (String, Option<&str>) {
    let (scheme, rest) = match url.split_once(':') {
        Some(("unix", _)) => return (url.to_owned(), None),
        _ => url.split_once("://").unwrap_or(("http", url)),
    };
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    match rest[..end].rfind('@') {
        Some(at) => (format!("{scheme}://{}", &rest[at + 1..]), Some(&rest[..at])),
        None => (format!("{scheme}://{rest}"), None),
    }
}

fn invalid(why: &'static str) -> Fault {
    Fault::new(FaultKind::InvalidUrl, why)
}

/// Without the values of its fields.
impl fmt::Debug for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<_> = self.fields.iter().map(|(name, _)| name.as_str()).collect();
        f.debug_struct("Proxy")
            .field("scheme", &self.scheme)
            .field("origin", &self.origin.to_string())
            .field("fields", &names)
            .field("except", &self.except)
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_may_hold_a_name_and_a_password() {
        for (url, origin, basic) in [
            ("http://u:p%40ss@proxy:3128", "http://proxy:3128", Some("Basic dTpwQHNz")),
            ("http://u@proxy:3128/", "http://proxy:3128", Some("Basic dTo=")),
            ("proxy:3128", "http://proxy:3128", None),
            ("u:p@proxy", "http://proxy", Some("Basic dTpw")),
            ("https://[::1]", "https://[::1]", None),
            ("unix:/run/p@q.sock", "unix:/run/p@q.sock", None),
        ] {
            let proxy = Proxy::all(url).unwrap();
            assert_eq!(proxy.origin.to_string(), origin);
            let told = proxy.fields.first().map(|(_, value)| value.to_str().unwrap());
            assert_eq!(told, basic, "{url}");
        }
    }

    /// C06: no password is told, neither by an error nor by a proxy that is shown.
    #[test]
    fn what_is_no_proxy() {
        for url in ["socks5://u:s3cret@p", "ftp://u:s3cret@p", "http://u:s3cret@p/a", "http://", ""]
        {
            let said = Proxy::all(url).unwrap_err().to_string();
            assert!(!said.contains("s3cret"), "{said}");
        }
        let fault = Proxy::all("http://a%3Ab:s3cret@p").unwrap_err();
        assert!(!fault.to_string().contains("s3cret"), "{fault}");
        let proxy = Proxy::all("http://u:s3cret@p").unwrap();
        let connector = Connector::new().proxy(proxy.clone());
        assert!(!format!("{proxy:?} {connector:?}").contains("s3cret"));
        assert!(!format!("{proxy:?} {connector:?}").contains("czNjcmV0"));
    }
}
