//! Behind proxies: who the client is, as far as those can be believed who say so.

use std::net::{IpAddr, SocketAddr};

use http::uri::Scheme;

use super::around::{AsyncLayer, Next};
use crate::message::{PeerAddr, Request, Response};
use crate::text::Fields;
use crate::text::network::Network;
pub use crate::text::network::NetworkError;

/// Takes the client's address from what trusted proxies say, in the place of the proxy's own.
///
/// Anybody can send `X-Forwarded-For`, so nobody is believed who is not on the list: if the connection comes from
/// one who is, what he says of the one before him is taken; if that one is on the list too, so is what *he* says,
/// and so on from right to left. The first who is not on it is the client. [`Request::peer`] is then his address, with
/// port 0 if none was told, and the access log has it too; [`ForwardedScheme`] is an extension of the request.
///
/// ```
/// use counterpart::layers::forwarded::Forwarded;
/// use counterpart::prelude::*;
///
/// # fn main() -> counterpart::Result<()> {
/// let app = App::new().around(Forwarded::by(["10.0.0.0/8", "::1", "unix"])?);
/// # drop(app);
/// # Ok(())
/// # }
/// ```
///
/// It stands around a service by hand too, as [`around`](super::around::around) says.
///
/// One field is read, not both, for a proxy that writes one of them lets the other through as it came:
/// `X-Forwarded-For` and `X-Forwarded-Proto`, or, with [`rfc7239`](Self::rfc7239), `Forwarded`.
#[derive(Debug, Clone)]
pub struct Forwarded {
    trusted: Vec<Network>,
    unix: bool,
    rfc7239: bool,
}

/// The scheme by which the client called the first proxy that is trusted, as an extension of the request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ForwardedScheme(pub Scheme);

/// What a proxy says of the one before it.
struct Hop<'a> {
    node: Option<&'a str>,
    scheme: Option<&'a str>,
}

impl Forwarded {
    /// Believes proxies of these networks, such as `10.0.0.0/8` or `2001:db8::1`; `unix` is whoever comes over a Unix
    /// socket.
    ///
    /// # Errors
    /// If one of them is no network.
    pub fn by<N: AsRef<str>>(networks: impl IntoIterator<Item = N>) -> Result<Self, NetworkError> {
        let mut forwarded = Self { trusted: Vec::new(), unix: false, rfc7239: false };
        for network in networks {
            match network.as_ref() {
                "unix" => forwarded.unix = true,
                words => forwarded.trusted.push(words.parse()?),
            }
        }
        Ok(forwarded)
    }

    /// Reads `Forwarded` (RFC 7239) in the place of `X-Forwarded-For`.
    #[must_use]
    pub const fn rfc7239(mut self) -> Self {
        self.rfc7239 = true;
        self
    }

    /// Whether what comes from there may be believed.
    fn trusts(&self, address: IpAddr) -> bool {
        self.trusted.iter().any(|network| network.contains(address))
    }

    /// Sets the peer of a request; true if it is another now.
    fn apply(&self, request: &mut Request) -> bool {
        if !request.peer.map_or(self.unix, |peer| self.trusts(peer.ip())) {
            return false;
        }
        let fields = &request.head.fields;
        let (mut client, mut scheme) = (None, None);
        for hop in self.hops(fields).iter().rev() {
            // An unknown or hidden one ends the chain: who stands behind it cannot be told.
            let Some(node) = hop.node.and_then(address) else { break };
            (client, scheme) = (Some(node), hop.scheme);
            if !self.trusts(node.ip()) {
                break;
            }
        }
        if !self.rfc7239 {
            scheme = fields.get_all("x-forwarded-proto").last().map(text);
        }
        if let Some(scheme) = scheme.and_then(known_scheme) {
            request.extensions.insert(ForwardedScheme(scheme));
        }
        request.peer = client.or(request.peer);
        client.is_some()
    }

    fn hops<'a>(&self, fields: &'a Fields) -> Vec<Hop<'a>> {
        if self.rfc7239 {
            let lines = fields.get_all("forwarded").map(text);
            return lines.flat_map(|line| parts(line, ',')).map(Hop::of).collect();
        }
        let lines = fields.get_all("x-forwarded-for").map(text);
        let nodes = lines.flat_map(|line| line.split(','));
        nodes.map(|node| Hop { node: Some(node.trim()), scheme: None }).collect()
    }
}

impl AsyncLayer for Forwarded {
    type Reply = Response;

    async fn run(&self, mut request: Request, next: Next) -> Response {
        let found = self.apply(&mut request).then_some(request.peer).flatten();
        let mut response = next.run(request).await;
        if let Some(peer) = found {
            // For the access log, which stands outside.
            response.extensions.insert(PeerAddr(peer));
        }
        response
    }
}

impl<'a> Hop<'a> {
    /// An element of `Forwarded`: `for="[2001:db8::1]:4711";proto=https` (RFC 7239 §4).
    fn of(element: &'a str) -> Self {
        let mut hop = Self { node: None, scheme: None };
        for pair in parts(element, ';') {
            let Some((name, value)) = pair.split_once('=') else { continue };
            let value = value.trim().trim_matches('"');
            match name.trim() {
                name if name.eq_ignore_ascii_case("for") => hop.node = Some(value),
                name if name.eq_ignore_ascii_case("proto") => hop.scheme = Some(value),
                _ => {}
            }
        }
        hop
    }
}

/// Splits at a separator that is not within quotes.
fn parts(text: &str, separator: char) -> impl Iterator<Item = &str> {
    let (mut quoted, mut escaped) = (false, false);
    text.split(move |character| {
        quoted ^= character == '"' && !escaped;
        escaped = character == '\\' && !escaped;
        character == separator && !quoted
    })
}

/// An address, with or without a port: `192.0.2.1`, `192.0.2.1:80`, `2001:db8::1`, `[2001:db8::1]:80`.
fn address(node: &str) -> Option<SocketAddr> {
    let bare = node.strip_prefix('[').and_then(|node| node.strip_suffix(']')).unwrap_or(node);
    let alone = || bare.parse().ok().map(|address: IpAddr| SocketAddr::new(address, 0));
    let found: SocketAddr = node.parse().ok().or_else(alone)?;
    Some(SocketAddr::new(found.ip().to_canonical(), found.port()))
}

fn known_scheme(name: &str) -> Option<Scheme> {
    [Scheme::HTTP, Scheme::HTTPS]
        .into_iter()
        .find(|known| name.eq_ignore_ascii_case(known.as_str()))
}

/// What is no UTF-8 is no address either.
fn text(line: &[u8]) -> &str {
    std::str::from_utf8(line).unwrap_or("?").trim()
}

#[cfg(test)]
mod tests {
    use http::{HeaderName, HeaderValue, Method};

    use super::*;

    /// Who the client is of a request from 10.0.0.1 with these lines of a field, and by what scheme it came.
    fn client(
        forwarded: &Forwarded,
        name: &'static str,
        lines: &[&str],
    ) -> (String, Option<Scheme>) {
        let mut request = Request::new(Method::GET, "/");
        request.peer = Some(([10, 0, 0, 1], 1).into());
        for line in lines {
            let value = HeaderValue::from_str(line).unwrap();
            request.head.fields.append(HeaderName::from_static(name), value);
        }
        forwarded.apply(&mut request);
        let scheme = request.extensions.get::<ForwardedScheme>().map(|told| told.0.clone());
        (request.peer.unwrap().to_string(), scheme)
    }

    /// S29: from right to left, past those who are trusted.
    #[test]
    fn the_client_is_the_last_who_is_not_trusted() {
        let forwarded = Forwarded::by(["10.0.0.0/8", "2001:db8::/32"]).unwrap();
        for (lines, found) in [
            (&["192.0.2.7"][..], "192.0.2.7:0"),
            (&["192.0.2.7:4711"], "192.0.2.7:4711"),
            (&["1.1.1.1, 192.0.2.7"], "192.0.2.7:0"),
            (&["1.1.1.1, 192.0.2.7, 10.0.0.2"], "192.0.2.7:0"),
            (&["1.1.1.1", "192.0.2.7", "10.0.0.2,2001:db8::2"], "192.0.2.7:0"),
            (&["[2001:db9::1]:80"], "[2001:db9::1]:80"),
            (&["::ffff:192.0.2.7"], "192.0.2.7:0"),
            // All are trusted: the first of them is as far as can be seen.
            (&["10.0.0.9, 10.0.0.2"], "10.0.0.9:0"),
            // What cannot be read ends the chain.
            (&["1.1.1.1, unknown, 10.0.0.2"], "10.0.0.2:0"),
            (&["1.1.1.1, "], "10.0.0.1:1"),
            (&["\u{e9}"], "10.0.0.1:1"),
            (&[], "10.0.0.1:1"),
        ] {
            assert_eq!(client(&forwarded, "x-forwarded-for", lines).0, found, "{lines:?}");
        }
    }

    /// S29: `Forwarded`, as RFC 7239 writes it.
    #[test]
    fn the_standard_field_is_read_where_it_is_asked_for() {
        let forwarded = Forwarded::by(["10.0.0.0/8"]).unwrap().rfc7239();
        for (lines, found, scheme) in [
            (
                &["for=192.0.2.60;proto=http;by=203.0.113.43"][..],
                "192.0.2.60:0",
                Some(Scheme::HTTP),
            ),
            (&["For=\"[2001:db8:cafe::17]:4711\""], "[2001:db8:cafe::17]:4711", None),
            (
                &["for=1.1.1.1;proto=http, for=192.0.2.43;Proto=HTTPS", "for=10.0.0.2;proto=http"],
                "192.0.2.43:0",
                Some(Scheme::HTTPS),
            ),
            (&["for=\"a,for=1.1.1.1\", for=192.0.2.43"], "192.0.2.43:0", None),
            (&["for=1.1.1.1, for=_hidden"], "10.0.0.1:1", None),
            (&["by=10.0.0.1"], "10.0.0.1:1", None),
        ] {
            let expected = (found.to_owned(), scheme);
            assert_eq!(client(&forwarded, "forwarded", lines), expected, "{lines:?}");
        }
        assert_eq!(client(&forwarded, "x-forwarded-for", &["1.1.1.1"]).0, "10.0.0.1:1");
    }

    /// S29: nobody is believed who is not on the list.
    #[test]
    fn nobody_is_trusted_by_default() {
        for forwarded in [Forwarded::by([""; 0]).unwrap(), Forwarded::by(["10.0.0.2"]).unwrap()] {
            assert_eq!(client(&forwarded, "x-forwarded-for", &["1.1.1.1"]).0, "10.0.0.1:1");
        }
        let error = Forwarded::by(["10.0.0.0/99"]).unwrap_err();
        assert!(error.to_string().starts_with("`10.0.0.0/99` is no network; it is"), "{error}");
    }
}
