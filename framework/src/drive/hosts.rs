//! Hosts: whom a server answers for, where it is told.

use crate::text::RequestHead;

/// Whether a request is for one of these hosts. An absolute target says for whom it is, whatever `Host` says
/// (RFC 9112 §3.2.2); a request that says nothing is for nobody.
pub(super) fn has(hosts: &[String], head: &RequestHead) -> bool {
    let asked = authority(&head.target).or_else(|| head.fields.get("host")).unwrap_or_default();
    let is = |host: &str, asked: &[u8]| host.as_bytes().eq_ignore_ascii_case(asked);
    hosts.iter().any(|host| is(host, asked) || is(host, without_port(asked)))
}

/// The authority of an absolute target.
fn authority(target: &[u8]) -> Option<&[u8]> {
    let scheme = target.windows(3).position(|bytes| bytes == b"://")?;
    if target[0] == b'/' {
        return None;
    }
    target[scheme + 3..].split(|byte| matches!(byte, b'/' | b'?')).next()
}

/// A host without its port; the colons of an IPv6 address stand in brackets.
fn without_port(host: &[u8]) -> &[u8] {
    match host.iter().rposition(|byte| matches!(byte, b':' | b']')) {
        Some(at) if host[at] == b':' => &host[..at],
        _ => host,
    }
}

#[cfg(test)]
mod tests {
    use http::{HeaderValue, Method, header};

    use super::*;

    fn is_ours(target: &'static str, host: &'static str) -> bool {
        let hosts = ["example.com", "api.example.com:8080", "[::1]"].map(String::from);
        let mut head = RequestHead::new(Method::GET, target);
        head.fields.append(header::HOST, HeaderValue::from_static(host));
        has(&hosts, &head)
    }

    #[test]
    fn a_port_matters_where_it_is_listed() {
        for ours in ["example.com", "EXAMPLE.com:1", "api.example.com:8080", "[::1]", "[::1]:80"] {
            assert!(is_ours("/", ours), "{ours}");
        }
        for foreign in ["", "example.com.evil", "api.example.com", "api.example.com:80", "[::2]"] {
            assert!(!is_ours("/", foreign), "{foreign}");
        }
    }

    #[test]
    fn an_absolute_target_wins() {
        assert!(is_ours("http://example.com:80/", "evil"));
        assert!(!is_ours("http://evil?example.com", "example.com"));
        assert!(is_ours("/?u=http://evil", "example.com"));
    }
}
