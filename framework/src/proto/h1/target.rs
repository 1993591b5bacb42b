//! Targets and hosts: the four forms of a request target (RFC 9112 §3.2) and what a host may be.

use std::cell::RefCell;

use http::Method;

use super::error::ErrorKind;
use super::scan::{host_length, is_host_byte, target_length};

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

/// Tells the form of a target whose bytes may stand in one, if it is a form that the method may have.
pub(super) fn form<'a>(method: &Method, target: &'a [u8]) -> Result<Form<'a>, ErrorKind> {
    if *method == Method::CONNECT {
        return if is_authority(target) { Ok(Form::Authority) } else { Err(ErrorKind::BadTarget) };
    }
    match target {
        [b'/', ..] => Ok(Form::Origin),
        b"*" if *method == Method::OPTIONS => Ok(Form::Asterisk),
        _ => absolute(target),
    }
}

/// Names the first byte that may not stand in a target.
pub(super) fn check_bytes(target: &[u8]) -> Result<(), ErrorKind> {
    let at = target_length(target);
    match target.get(at) {
        Some(&byte) => Err(ErrorKind::BadTargetByte { byte, at }),
        None => Ok(()),
    }
}

/// Whether this is a host with an optional port, as the `Host` field carries it (RFC 9110 §7.2).
pub(super) fn is_host(text: &[u8]) -> bool {
    match text.split_at(host_length(text)) {
        (host, []) => fits(host),
        (host, [b':', port @ ..]) => fits(host) && is_port(port),
        // Brackets, a percent sign, or something wrong.
        _ => split_port(text).is_some_and(|(host, port)| port.is_none_or(is_port) && is_name(host)),
    }
}

/// The same for the host of a request. Nearly all requests to a thread name the same one, so the last that was good
/// is remembered.
pub(super) fn is_host_again(text: &[u8]) -> bool {
    GOOD_HOST.with_borrow_mut(|good| {
        if good != text {
            if !is_host(text) {
                return false;
            }
            good.clear();
            good.extend_from_slice(text);
        }
        // Before the first one, none is remembered.
        !good.is_empty()
    })
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
    // Leading zeros change nothing.
    let mut port = 0u32;
    text.iter().all(|byte| {
        port = port * 10 + u32::from(byte.wrapping_sub(b'0'));
        byte.is_ascii_digit() && port <= u32::from(u16::MAX)
    })
}

fn is_name(host: &[u8]) -> bool {
    match host {
        [b'[', b'v' | b'V', address @ .., b']'] => fits(address) && is_ipvfuture(address),
        [b'[', address @ .., b']'] => is_ipv6(address),
        _ => fits(host) && is_encoded(host),
    }
}

const fn fits(host: &[u8]) -> bool {
    !host.is_empty() && host.len() <= MOST_HOST
}

/// Bytes that a name may hold, and percent signs with two hex digits behind each.
fn is_encoded(host: &[u8]) -> bool {
    let mut pieces = host.split(|&byte| byte == b'%');
    let is_plain = |piece: &[u8]| host_length(piece) == piece.len();
    let is_coded = |piece: &[u8]| match piece {
        [high, low, rest @ ..] => {
            high.is_ascii_hexdigit() && low.is_ascii_hexdigit() && is_plain(rest)
        }
        _ => false,
    };
    pieces.next().is_some_and(is_plain) && pieces.all(is_coded)
}

/// Eight groups of hex digits, of which `::` may stand for one or more, once (RFC 3986 §3.2.2).
fn is_ipv6(text: &[u8]) -> bool {
    match text.windows(2).position(|pair| pair == b"::") {
        None => groups(text, true) == Some(8),
        Some(at) => {
            let (before, after) = (&text[..at], &text[at + 2..]);
            let count =
                |part: &[u8], last| if part.is_empty() { Some(0) } else { groups(part, last) };
            matches!((count(before, false), count(after, true)), (Some(a), Some(b)) if a + b < 8)
        }
    }
}

/// How many groups stand between the colons; at the end an IPv4 address counts as two.
fn groups(text: &[u8], last: bool) -> Option<usize> {
    let (hex, ipv4) = match text.iter().rposition(|&byte| byte == b':') {
        _ if !last || !text.contains(&b'.') => (text, None),
        Some(colon) => (&text[..colon], Some(&text[colon + 1..])),
        None => (&[][..], Some(text)),
    };
    let is_group =
        |group: &[u8]| matches!(group.len(), 1..=4) && group.iter().all(u8::is_ascii_hexdigit);
    let mut count = 0;
    for group in hex.split(|&byte| byte == b':').filter(|_| !hex.is_empty()) {
        if !is_group(group) {
            return None;
        }
        count += 1;
    }
    match ipv4 {
        None => Some(count),
        Some(address) => is_ipv4(address).then_some(count + 2),
    }
}

/// What stands behind the `v` of an address of a later version: `1*HEXDIG "." 1*( unreserved / sub-delims / ":" )`.
fn is_ipvfuture(text: &[u8]) -> bool {
    let dot = text.iter().position(|&byte| byte == b'.');
    dot.map(|dot| text.split_at(dot)).is_some_and(|(version, address)| {
        let good = |&byte: &u8| byte == b':' || is_host_byte(byte);
        !version.is_empty()
            && version.iter().all(u8::is_ascii_hexdigit)
            && address.len() > 1
            && address[1..].iter().all(good)
    })
}

fn is_ipv4(text: &[u8]) -> bool {
    let is_part = |part: &[u8]| {
        part.len() <= 3
            && super::known::number(part).is_some_and(|n| n <= 255)
            && (part.len() == 1 || part.first() != Some(&b'0'))
    };
    text.split(|&byte| byte == b'.').count() == 4 && text.split(|&byte| byte == b'.').all(is_part)
}

thread_local! {
    static GOOD_HOST: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

/// The longest name that the DNS knows.
const MOST_HOST: usize = 255;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts() {
        for host in [
            "a",
            "a:80",
            "a:",
            "example.com:8080",
            "127.0.0.1",
            "[::1]",
            "[::1]:80",
            "a_b",
            "a%41",
            "[v1.a:b]",
        ] {
            assert!(is_host(host.as_bytes()), "{host}");
        }
        let long = "a".repeat(300);
        for host in [
            "a%", "a%4", "a%4g", "%\u{2}", "", ":80", "a b", "u@h", "a/b", "a:x", "a:65536",
            "[::1", "[::g]", "[::1]x", "::1", "a,b@", "[v.a]", "[v1.]", "[vg.a]", "[v1]", &long,
        ] {
            assert!(!is_host(host.as_bytes()), "{host}");
        }
    }

    #[test]
    fn addresses_of_eight_groups() {
        for text in [
            "::",
            "::1",
            "1::",
            "1:2:3:4:5:6:7:8",
            "1:2:3:4:5:6:7::",
            "::2:3:4:5:6:7:8",
            "1::8",
            "::ffff:1.2.3.4",
            "1:2:3:4:5:6:1.2.3.4",
        ] {
            assert!(is_ipv6(text.as_bytes()), "{text}");
        }
        for text in [
            "",
            ":",
            ":::",
            "1:2:3:4:5:6:7",
            "1:2:3:4:5:6:7:8:9",
            "1:2:3:4:5:6:7:8::",
            "1::2::3",
            "12345::",
            "g::",
            "::1.2.3",
            "::256.1.1.1",
            "1.2.3.4::",
            "::1.2.3.4:5",
            "fe80::1%25eth0",
            "::01.2.3.4",
            "1:",
        ] {
            assert!(!is_ipv6(text.as_bytes()), "{text}");
        }
    }

    #[test]
    fn forms_depend_on_the_method() {
        let get = |target: &'static str| form(&Method::GET, target.as_bytes());
        assert_eq!(get("/a?b"), Ok(Form::Origin));
        assert_eq!(get("HTTP://h:1?x"), Ok(Form::Absolute { authority: b"h:1" }));
        for bad in ["", "*", "a", "h:80", "http://", "http://u@h/", "ftp://h/"] {
            assert_eq!(get(bad), Err(ErrorKind::BadTarget), "{bad}");
        }
        for (bad, byte, at) in [("/a#b", b'#', 2), ("/\u{e9}", 0xc3, 1), ("*\t", b'\t', 1)] {
            let told = Err(ErrorKind::BadTargetByte { byte, at });
            assert_eq!(check_bytes(bad.as_bytes()), told, "{bad}");
        }
        assert_eq!(form(&Method::OPTIONS, b"*"), Ok(Form::Asterisk));
        assert_eq!(form(&Method::CONNECT, b"h:443"), Ok(Form::Authority));
        assert_eq!(form(&Method::CONNECT, b"h"), Err(ErrorKind::BadTarget));
        assert_eq!(form(&Method::CONNECT, b"/"), Err(ErrorKind::BadTarget));
    }
}
