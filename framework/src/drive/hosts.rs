//! Hosts: whom a server answers for, where it is told.

use crate::text::RequestHead;

/// Whether a request is for one of these hosts. The machine has put the authority of an absolute target in the place of
/// `Host` already (RFC 9112 §3.2.2); a request that says nothing is for nobody.
pub(super) fn has(hosts: &[String], head: &RequestHead) -> bool {
    let asked = head.fields.get("host").unwrap_or_default();
    let is = |host: &str, asked: &[u8]| host.as_bytes().eq_ignore_ascii_case(asked);
    hosts.iter().any(|host| is(host, asked) || is(host, without_port(asked)))
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
    use super::*;
    use crate::proto::h1::{Conn, Event, Server};

    /// Whether such a request comes through, and is for us.
    fn is_ours(target: &str, host: &str) -> bool {
        let hosts = ["example.com", "api.example.com:8080", "[::1]"].map(String::from);
        let mut conn = Conn::<Server>::default();
        let bytes = format!("GET {target} HTTP/1.1\r\nhost: {host}\r\n\r\n");
        conn.input().extend_from_slice(bytes.as_bytes());
        matches!(conn.next_event(), Ok(Event::Head(head)) if has(&hosts, &head))
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
