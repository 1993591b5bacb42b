//! What holds for the calls of a client, and what for one of them.

use http::{HeaderName, HeaderValue};

use super::aim::Server;
use super::client::Inner;
#[cfg(feature = "compression")]
use super::codings::Codings;
#[cfg(feature = "cookies")]
use super::cookies::CookieJar;
use super::progress::Meter;
use super::redirects::Redirects;
use super::retries::Retries;
use crate::text::RequestHead;
use crate::text::fields::is_secret;

/// What is set on a client.
#[derive(Debug, Clone, Default)]
pub(super) struct Settings {
    /// What each request gets that has none of that name.
    pub(super) fields: Vec<(HeaderName, HeaderValue)>,
    pub(super) redirects: Option<Redirects>,
    pub(super) retries: Option<Retries>,
    #[cfg(feature = "cookies")]
    pub(super) cookies: Option<CookieJar>,
    #[cfg(feature = "compression")]
    pub(super) codings: Option<Codings>,
    pub(super) max_body: Option<u64>,
}

/// What was asked for one call, as an extension of its request. That it is there says that the request was put
/// together by a [`RequestBuilder`](super::RequestBuilder).
#[derive(Debug, Clone, Default)]
pub(super) struct Asked {
    pub(super) redirects: Option<Redirects>,
    pub(super) retries: Option<Retries>,
    #[cfg(feature = "compression")]
    pub(super) codings: Option<Codings>,
    pub(super) max_body: Option<u64>,
    pub(super) meter: Option<Meter>,
}

/// What holds for one call.
#[derive(Debug)]
pub(super) struct Plan {
    pub(super) redirects: Redirects,
    pub(super) retries: Option<Retries>,
    pub(super) meter: Option<Meter>,
    #[cfg(feature = "cookies")]
    pub(super) cookies: Option<CookieJar>,
    #[cfg(feature = "compression")]
    pub(super) codings: Codings,
    pub(super) max_body: Option<u64>,
    /// Whether somebody asks how the answer was come by.
    pub(super) is_told: bool,
}

impl Plan {
    /// What was asked, else what is set, else the default; which is to do nothing, for a request that was not put
    /// together here.
    pub(super) fn new(set: Option<&Settings>, asked: Option<Asked>) -> Self {
        let is_told = asked.is_some();
        let (asked, none) = (asked.unwrap_or_default(), Settings::default());
        let set = set.unwrap_or(&none);
        let redirects = asked.redirects.or_else(|| set.redirects.clone());
        let otherwise = || if is_told { Redirects::default() } else { Redirects::none() };
        Self {
            redirects: redirects.unwrap_or_else(otherwise),
            retries: asked.retries.or_else(|| set.retries.clone()),
            meter: asked.meter,
            #[cfg(feature = "cookies")]
            cookies: set.cookies.clone(),
            #[cfg(feature = "compression")]
            codings: asked.codings.or(set.codings).unwrap_or_else(|| match is_told {
                true => Codings::default(),
                false => Codings::none(),
            }),
            max_body: asked.max_body.or(set.max_body),
            is_told,
        }
    }
}

impl Inner {
    /// Gives a request the fields that are set on the client; of those that are credentials only what is its
    /// server's.
    pub(super) fn put_fields(&self, head: &mut RequestHead, server: &Server) {
        let Some(set) = self.settings.as_deref() else { return };
        let is_ours = self.base.as_ref().is_none_or(|base| *base.origin() == *server.origin);
        for (name, value) in &set.fields {
            let is_secret = value.is_sensitive() || is_secret(name.as_str().as_bytes());
            if !head.fields.contains(name) && (is_ours || !is_secret) {
                head.fields.append(name.clone(), value.clone());
            }
        }
    }
}
