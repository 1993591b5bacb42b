//! Authorities: whom to connect to, and how a request names that (RFC 3986 §3.2).

use std::fmt;
use std::net::Ipv6Addr;
use std::str::FromStr;

use crate::service::{Fault, FaultKind};

/// A host and maybe a port, checked before anything is sent.
///
/// ```
/// use counterpart::client::Authority;
///
/// let authority: Authority = "[fe80::1%eth0]:81".parse()?;
/// assert_eq!((authority.host(), authority.port()), ("fe80::1%eth0", 81));
/// // The zone is of this machine, and the default port goes without saying.
/// assert_eq!(authority.to_string(), "[fe80::1]:81");
/// assert_eq!("example.com:80".parse::<Authority>()?.to_string(), "example.com");
/// # Ok::<(), counterpart::Fault>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Authority {
    /// As it is looked up: without brackets, with the zone of an IPv6 address.
    host: String,
    /// Whether it stands in brackets.
    is_ipv6: bool,
    port: Option<u16>,
}

impl Authority {
    /// The host as it is looked up: without brackets, with the zone of an IPv6 address.
    #[must_use]
    pub fn host(&self) -> &str {
        &self.host
    }

    /// The port; 80 unless told.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port_or(DEFAULT_PORT)
    }

    /// The port, or this one unless told.
    #[must_use]
    pub fn port_or(&self, default: u16) -> u16 {
        self.port.unwrap_or(default)
    }

    /// The same host, at this port whatever was written.
    #[must_use]
    pub fn with_port(self, port: u16) -> Self {
        Self { port: Some(port), ..self }
    }

    /// The same without its port, if that is this one.
    pub(super) fn without_port(self, default: u16) -> Self {
        Self { port: self.port.filter(|port| *port != default), ..self }
    }

    /// As the `Host` field names it, where this port goes without saying.
    pub(super) fn named(&self, default: u16) -> String {
        let host = match self.is_ipv6 {
            true => format!("[{}]", self.host.split('%').next().unwrap_or_default()),
            false => self.host.clone(),
        };
        match self.port {
            Some(port) if port != default => format!("{host}:{port}"),
            _ => host,
        }
    }
}

/// As the `Host` field names it: without a zone, and without the default port.
impl fmt::Display for Authority {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.named(DEFAULT_PORT))
    }
}

/// `host`, `host:80`, `host:`, `[::1]` or `[::1]:8000`.
impl FromStr for Authority {
    type Err = Fault;

    fn from_str(text: &str) -> Result<Self, Fault> {
        read(text).map_err(|mistake| {
            // What stands before an `@` may be a password.
            let shown = text.rsplit_once('@').map_or(text, |(_, host)| host);
            let shown = shown.escape_debug();
            Fault::new(FaultKind::InvalidUrl, format!("`{shown}` {mistake}"))
        })
    }
}

fn read(text: &str) -> Result<Authority, &'static str> {
    if text.contains('@') {
        return Err("stands behind a name or a password; send them as a field");
    }
    if let Some(rest) = text.strip_prefix('[') {
        let (host, port) = rest.split_once(']').ok_or("opens a `[` that it does not close")?;
        let address = host.split_once('%').map_or(host, |(address, _)| address);
        address.parse::<Ipv6Addr>().map_err(|_| "holds no IPv6 address in its brackets")?;
        let zone = &host[address.len()..];
        if zone == "%"
            || !zone.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"%._-".contains(&byte))
        {
            return Err("names a zone that no interface can have");
        }
        return Ok(Authority { host: host.to_owned(), is_ipv6: true, port: port_behind(port)? });
    }
    let (host, port) = text.split_at(text.find(':').unwrap_or(text.len()));
    if port.matches(':').count() > 1 {
        return Err("has more than one colon; an IPv6 address stands in brackets");
    }
    Ok(Authority { host: name(host)?, is_ipv6: false, port: port_behind(port)? })
}

fn port_behind(text: &str) -> Result<Option<u16>, &'static str> {
    match text.strip_prefix(':') {
        None if text.is_empty() => Ok(None),
        None => Err("has something other than a port behind its brackets"),
        Some("") => Ok(None),
        Some(digits) if digits.bytes().all(|byte| byte.is_ascii_digit()) => {
            digits.parse().map(Some).map_err(|_| "has a port over 65535")
        }
        Some(_) => Err("has a port that is no number"),
    }
}

fn name(text: &str) -> Result<String, &'static str> {
    if text.is_empty() {
        return Err("does not name a host");
    }
    // Whichever way a name is written, it is the same one (RFC 9110 §4.2.3).
    let ascii = ascii(text)?.to_ascii_lowercase();
    match ascii.bytes().all(is_name_byte) {
        true => Ok(ascii),
        false => Err("holds a character that no host name has"),
    }
}

#[cfg(feature = "idna")]
fn ascii(text: &str) -> Result<String, &'static str> {
    if text.is_ascii() {
        return Ok(text.to_owned());
    }
    idna::domain_to_ascii(text).map_err(|_| "is no internationalised domain name (UTS #46)")
}

#[cfg(not(feature = "idna"))]
fn ascii(text: &str) -> Result<String, &'static str> {
    match text.is_ascii() {
        true => Ok(text.to_owned()),
        false => Err("is not ASCII; the feature `idna` reads such names"),
    }
}

/// RFC 3986 §3.2.2, without percent-encoding, which no resolver undoes.
const fn is_name_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
        || matches!(byte, b'-' | b'.' | b'_' | b'~' | b'!' | b'$' | b'&' | b'\'' | b'(' | b')')
        || matches!(byte, b'*' | b'+' | b',' | b';' | b'=')
}

/// That of `http` (RFC 9110 §4.2.1).
const DEFAULT_PORT: u16 = 80;

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> (String, u16, String) {
        let authority: Authority = text.parse().unwrap();
        (authority.host().to_owned(), authority.port(), authority.to_string())
    }

    fn is(text: &str, host: &str, port: u16, shown: &str) {
        assert_eq!(parsed(text), (host.to_owned(), port, shown.to_owned()), "{text}");
    }

    #[track_caller]
    fn refused(text: &str, word: &str) {
        let fault = text.parse::<Authority>().unwrap_err();
        assert_eq!(fault.kind(), FaultKind::InvalidUrl);
        assert!(fault.to_string().contains(word), "{text}: {fault}");
    }

    /// C1: the forms of a host and a port.
    #[test]
    fn forms() {
        is("h", "h", 80, "h");
        is("h:81", "h", 81, "h:81");
        is("h:", "h", 80, "h");
        is("H.Example", "h.example", 80, "h.example");
        is("[::1]", "::1", 80, "[::1]");
        is("[::1]:8000", "::1", 8000, "[::1]:8000");
        let moved: Authority = "h:81".parse().unwrap();
        assert_eq!(moved.with_port(82).port(), 82);
        refused("h:abc", "no number");
        refused("h:+1", "no number");
        refused("h:65536", "over 65535");
        refused("[::1", "does not close");
        refused("[::1]80", "behind its brackets");
        refused("::1", "brackets");
        refused("", "a host");
        refused("u:secret@h", "password");
        assert!(!"u:secret@h".parse::<Authority>().unwrap_err().to_string().contains("secret"));
    }

    /// C2: a character that could end the line is refused before anything is sent.
    #[test]
    fn characters() {
        for text in ["h\r\nx: y", "h h", "h\t", "h\x7f", "h\0", "h/a", "h?a", "h#a", "h%41", "<h>"]
        {
            refused(text, "character");
        }
        refused("[::1%\r\n]", "zone");
    }

    /// C3: a zone is for connecting alone.
    #[test]
    fn zones() {
        is("[fe80::%2]:81", "fe80::%2", 81, "[fe80::]:81");
        refused("[fe80::%]", "zone");
        refused("[zz]", "IPv6");
    }

    /// C4: the default port goes without saying.
    #[test]
    fn default_port() {
        is("h:80", "h", 80, "h");
        is("h:443", "h", 443, "h:443");
    }

    /// C5: names outside of ASCII need the feature, and the error says so.
    #[test]
    fn internationalised() {
        #[cfg(feature = "idna")]
        is("bücher.example", "xn--bcher-kva.example", 80, "xn--bcher-kva.example");
        #[cfg(not(feature = "idna"))]
        refused("bücher.example", "the feature `idna`");
    }
}
