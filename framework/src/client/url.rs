//! URLs: as much of one as a client needs.

use crate::service::{Fault, FaultKind};

/// An `http` URL, cut in two.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Url<'a> {
    /// Name and maybe port.
    pub(super) authority: &'a str,
    /// All behind it but the fragment: a path, a query, both or nothing.
    pub(super) target: &'a str,
}

impl<'a> Url<'a> {
    pub(super) fn read(text: &'a str) -> Result<Self, Fault> {
        let Some((scheme, rest)) = text.split_once("://") else {
            return Err(invalid(text, "has no scheme; it begins with http://"));
        };
        match scheme {
            _ if scheme.eq_ignore_ascii_case("http") => {}
            _ if scheme.eq_ignore_ascii_case("https") => {
                return Err(invalid(text, "asks for TLS, which this client does not speak yet"));
            }
            _ => return Err(invalid(text, "has a scheme other than http")),
        }
        let rest = rest.split_once('#').map_or(rest, |(rest, _)| rest);
        let (authority, target) = rest.split_at(rest.find(['/', '?']).unwrap_or(rest.len()));
        if authority.contains('@') {
            return Err(invalid("the URL", "carries a name or a password; send them as a field"));
        }
        let valid: Result<http::uri::Authority, _> = authority.parse();
        match valid {
            Ok(parsed) if !parsed.host().is_empty() => Ok(Self { authority, target }),
            _ => Err(invalid(text, "does not name a host")),
        }
    }

    /// The path alone, without a `/` at its end.
    pub(super) fn path(&self) -> &'a str {
        let path = self.target.split_once('?').map_or(self.target, |(path, _)| path);
        path.trim_end_matches('/')
    }
}

fn invalid(url: &str, why: &str) -> Fault {
    Fault::new(FaultKind::InvalidUrl, format!("`{url}` {why}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_is_an_authority_and_a_target() {
        let url = Url::read("HTTP://[::1]:80/a/?b#c").unwrap();
        assert_eq!((url.authority, url.target, url.path()), ("[::1]:80", "/a/?b", "/a"));
        let url = Url::read("http://host?b").unwrap();
        assert_eq!((url.authority, url.target, url.path()), ("host", "?b", ""));
    }

    #[test]
    fn what_cannot_be_called_is_told_apart() {
        for (text, word) in [
            ("https://a/", "TLS"),
            ("ftp://a/", "scheme"),
            ("a:80", "scheme"),
            ("http:///a", "host"),
            ("http://a b/", "host"),
            ("http://u:p@a/", "password"),
        ] {
            let fault = Url::read(text).unwrap_err();
            assert_eq!(fault.kind(), FaultKind::InvalidUrl);
            let said = crate::problem::chain(&fault);
            assert!(said.contains(word), "{said}");
            assert!(!said.contains("u:p"), "{said}");
        }
    }
}
