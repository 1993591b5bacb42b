//! Targets and hosts: the four forms of a request target (RFC 9112 §3.2) and what a host may be.

use core::net::Ipv6Addr;

use http::Method;

use super::error::ErrorKind;

/// Which form a target has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form<'a> {
    /// `/path?query`
    Origin,
    /// `http://authority/path?query`
    Absolute { authority: &'a [u8] },
    /// `host:port`, for CONNECT alone.
    Authority,
    /// `*`, for OPTIONS alone.
    Asterisk,
}

/// Tells the form of a target, if it is one that the method may have.
pub(super) fn form<'a>(method: &Method, target: &'a [u8]) -> Result<Form<'a>, ErrorKind> {
    if *method == Method::CONNECT {
        return if is_authority(target) { Ok(Form::Authority) } else { Err(ErrorKind::BadTarget) };
    }
    if !is_target(target) {
        return Err(ErrorKind::BadTarget);
    }
    match target {
        [b'/', ..] => Ok(Form::Origin),
        b"*" if *method == Method::OPTIONS => Ok(Form::Asterisk),
        _ => absolute(target),
    }
}

/// Whether every byte may stand in a target: visible ASCII without `#`, which is never sent. That is
/// wider than the URI grammar, as browsers send `|` and `[` as they are.
pub(super) fn is_target(target: &[u8]) -> bool {
    !target.is_empty() && target.iter().all(|&byte| matches!(byte, b'!'..=b'~') && byte != b'#')
}

/// Whether this is a host with an optional port, as the `Host` field carries it (RFC 9110 §7.2).
pub(super) fn is_host(text: &[u8]) -> bool {
    let Some((host, port)) = split_port(text) else { return false };
    port.is_none_or(is_port) && is_host_name(host)
}

fn absolute(target: &[u8]) -> Result<Form<'_>, ErrorKind> {
    let rest = ["http://", "https://"].iter().find_map(|scheme| {
        let (start, rest) = target.split_at_checked(scheme.len())?;
        start.eq_ignore_ascii_case(scheme.as_bytes()).then_some(rest)
    });
    let rest = rest.ok_or(ErrorKind::BadTarget)?;
    let end = rest.iter().position(|byte| matches!(byte, b'/' | b'?')).unwrap_or(rest.len());
    let authority = &rest[..end];
    if is_host(authority) { Ok(Form::Absolute { authority }) } else { Err(ErrorKind::BadTarget) }
}

/// CONNECT names its port.
fn is_authority(target: &[u8]) -> bool {
    let port = split_port(target).and_then(|(_, port)| port);
    port.is_some_and(|port| !port.is_empty()) && is_host(target)
}

/// Splits `host:port` at the colon that is not inside brackets.
fn split_port(text: &[u8]) -> Option<(&[u8], Option<&[u8]>)> {
    let host = match text {
        [b'[', ..] => text.iter().position(|&byte| byte == b']')? + 1,
        _ => text.iter().position(|&byte| byte == b':').unwrap_or(text.len()),
    };
    match text.split_at(host) {
        (host, []) => Some((host, None)),
        (host, [b':', port @ ..]) => Some((host, Some(port))),
        _ => None,
    }
}

/// Digits up to 65535; none at all means the scheme's own port.
fn is_port(text: &[u8]) -> bool {
    text.is_empty() || super::known::number(text).is_some_and(|port| port <= u64::from(u16::MAX))
}

fn is_host_name(host: &[u8]) -> bool {
    match host {
        [b'[', address @ .., b']'] => {
            core::str::from_utf8(address).is_ok_and(|address| address.parse::<Ipv6Addr>().is_ok())
        }
        _ => !host.is_empty() && host.len() <= MOST_HOST && host.iter().all(|&byte| is_host_byte(byte)),
    }
}

/// `unreserved / pct-encoded / sub-delims` (RFC 3986 §3.2.2).
const fn is_host_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~' | b'%' | b'!' | b'$' | b'&' | b'\'')
        || matches!(byte, b'(' | b')' | b'*' | b'+' | b',' | b';' | b'=')
}

/// The longest name that the DNS knows.
const MOST_HOST: usize = 255;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts() {
        for host in ["a", "a:80", "a:", "example.com:8080", "127.0.0.1", "[::1]", "[::1]:80", "a_b", "a%41"] {
            assert!(is_host(host.as_bytes()), "{host}");
        }
        let long = "a".repeat(300);
        for host in ["", ":80", "a b", "u@h", "a/b", "a:x", "a:65536", "[::1", "[::g]", "[::1]x", "::1", "a,b@", &long] {
            assert!(!is_host(host.as_bytes()), "{host}");
        }
    }

    #[test]
    fn forms_depend_on_the_method() {
        let get = |target: &'static str| form(&Method::GET, target.as_bytes());
        assert_eq!(get("/a?b"), Ok(Form::Origin));
        assert_eq!(get("HTTP://h:1?x"), Ok(Form::Absolute { authority: b"h:1" }));
        for bad in ["", "*", "a", "h:80", "http://", "http://u@h/", "ftp://h/", "/a#b", "/\u{e9}", "/a b"] {
            assert_eq!(get(bad), Err(ErrorKind::BadTarget), "{bad}");
        }
        assert_eq!(form(&Method::OPTIONS, b"*"), Ok(Form::Asterisk));
        assert_eq!(form(&Method::CONNECT, b"h:443"), Ok(Form::Authority));
        assert_eq!(form(&Method::CONNECT, b"h"), Err(ErrorKind::BadTarget));
        assert_eq!(form(&Method::CONNECT, b"/"), Err(ErrorKind::BadTarget));
    }
}
