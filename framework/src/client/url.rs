//! URLs: as much of one as a client needs.

use super::origin::{Origin, Scheme};
use crate::service::{Fault, FaultKind};

/// A URL, cut in two.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Url<'a> {
    pub(super) origin: Origin,
    /// All behind it but the fragment: a path, a query, both or nothing.
    pub(super) target: &'a str,
}

impl<'a> Url<'a> {
    pub(super) fn read(text: &'a str) -> Result<Self, Fault> {
        let Some((scheme, rest)) = text.split_once("://") else {
            return Err(invalid(text, "has no scheme; it begins with http://"));
        };
        let scheme = match scheme {
            _ if scheme.eq_ignore_ascii_case("http") => Scheme::Http,
            _ if scheme.eq_ignore_ascii_case("https") => Scheme::Https,
            _ => return Err(invalid(text, "has a scheme other than http and https")),
        };
        let rest = rest.split_once('#').map_or(rest, |(rest, _)| rest);
        let (authority, target) = rest.split_at(rest.find(['/', '?']).unwrap_or(rest.len()));
        Ok(Self { origin: Origin::new(scheme, authority.parse()?), target })
    }

    /// The target as a request has it: a path at least.
    #[cfg(feature = "client")]
    pub(super) fn sent_target(&self) -> String {
        match self.target.starts_with('/') {
            true => self.target.to_owned(),
            false => format!("/{}", self.target),
        }
    }

    /// The path alone, without a `/` at its end.
    #[cfg(feature = "client")]
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
        assert_eq!((url.origin.host(), url.target, url.path()), ("::1", "/a/?b", "/a"));
        let url = Url::read("http://host?b").unwrap();
        assert_eq!((url.origin.host(), url.target, url.path()), ("host", "?b", ""));
    }

    #[test]
    fn what_cannot_be_called_is_told_apart() {
        for (text, word) in [
            ("ftp://a/", "scheme"),
            ("a:80", "scheme"),
            ("http:///a", "host"),
            ("http://a b/", "host name"),
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
