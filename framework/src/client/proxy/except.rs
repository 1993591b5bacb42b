//! Whom a proxy does not serve, in the words of `NO_PROXY`.
//!
//! No two programs read that list alike; here it is read as most of them do: a name means what is below it, too, with a
//! point before it or not, and networks are compared with addresses that are written out, never with what a name
//! would turn out to be.

use std::net::IpAddr;

use crate::text::network::Network;

#[derive(Debug, Clone, Default)]
pub(super) struct Exceptions(Vec<Exception>);

#[derive(Debug, Clone)]
struct Exception {
    whom: Whom,
    /// None for all.
    port: Option<u16>,
}

#[derive(Debug, Clone)]
enum Whom {
    Everybody,
    Network(Network),
    /// A name and all below it.
    Name(Box<str>),
}

impl Exceptions {
    pub(super) fn add(&mut self, list: &str) {
        let words = list.split(|c: char| c == ',' || c.is_whitespace());
        self.0.extend(words.filter(|word| !word.is_empty()).filter_map(read));
    }

    /// Whether a host stands on the list.
    pub(super) fn names(&self, host: &str, port: u16) -> bool {
        let address = host.split('%').next().and_then(|address| address.parse::<IpAddr>().ok());
        let host = host.trim_end_matches('.');
        self.0.iter().any(|exception| {
            exception.port.is_none_or(|only| only == port)
                && match (&exception.whom, address) {
                    (Whom::Everybody, _) => true,
                    (Whom::Network(network), Some(address)) => network.contains(address),
                    (Whom::Name(name), None) => is_below(host, name),
                    _ => false,
                }
        })
    }
}

fn is_below(host: &str, name: &str) -> bool {
    let Some(before) = host.len().checked_sub(name.len()) else { return false };
    let (rest, end) = host.split_at_checked(before).unwrap_or_default();
    end.eq_ignore_ascii_case(name) && (rest.is_empty() || rest.ends_with('.'))
}

/// A word of the list; none if it names nobody.
fn read(word: &str) -> Option<Exception> {
    if word == "*" {
        return Some(Exception { whom: Whom::Everybody, port: None });
    }
    // An address of IPv6 has colons of its own.
    if let Ok(network) = word.parse() {
        return Some(Exception { whom: Whom::Network(network), port: None });
    }
    let (host, port) = match word.rsplit_once(':') {
        Some((host, port)) if !host.contains(':') || host.ends_with(']') => (host, Some(port)),
        _ => (word, None),
    };
    let port = port.map(str::parse).transpose().ok()?;
    let bare = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
    if let Ok(network) = bare.parse() {
        return Some(Exception { whom: Whom::Network(network), port });
    }
    let name = host.strip_prefix('*').unwrap_or(host).trim_matches('.');
    (!name.is_empty()).then(|| Exception { whom: Whom::Name(name.into()), port })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(list: &str, host: &str, port: u16) -> bool {
        let mut exceptions = Exceptions::default();
        exceptions.add(list);
        exceptions.names(host, port)
    }

    /// C06: the list is read as written, and no name is longer than it looks.
    #[test]
    fn who_is_served_and_who_is_not() {
        for (list, host, port, expected) in [
            ("localhost", "localhost", 80, true),
            ("localhost", "mylocalhost", 80, false),
            ("example.com", "example.com", 80, true),
            ("example.com", "a.b.example.com", 80, true),
            ("example.com", "badexample.com", 80, false),
            ("example.com", "example.com.evil.org", 80, false),
            (".example.com", "a.example.com", 80, true),
            (".example.com", "example.com", 80, true),
            ("*.example.com", "a.example.com", 80, true),
            ("EXAMPLE.com.", "a.example.com.", 80, true),
            ("a.example.com", "example.com", 80, false),
            ("example.com:8080", "example.com", 8080, true),
            ("example.com:8080", "example.com", 80, false),
            ("example.com:", "example.com", 80, false),
            ("10.0.0.0/8", "10.200.0.1", 80, true),
            ("10.0.0.0/8", "11.0.0.1", 80, false),
            ("10.0.0.0/8", "10.example", 80, false),
            ("10.0.0.0/8", "::ffff:10.0.0.1", 80, true),
            ("10.0.0.1:80", "10.0.0.1", 81, false),
            ("0.1", "10.0.0.1", 80, false),
            ("::1", "::1", 80, true),
            ("[::1]", "::1", 80, true),
            ("[::1]:81", "::1", 80, false),
            ("[::1]:81", "::1", 81, true),
            ("fe80::/10", "fe80::1%eth0", 80, true),
            ("*", "anything", 80, true),
            ("a, b\tc,,", "c", 80, true),
            ("", "a", 80, false),
            (".", "a", 80, false),
            ("é", "a", 80, false),
        ] {
            assert_eq!(names(list, host, port), expected, "{list}: {host}:{port}");
        }
    }
}
