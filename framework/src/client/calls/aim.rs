//! Aiming: from what a caller wrote to a server and a target.

use std::borrow::Cow;
use std::sync::Arc;

use http::{HeaderValue, header};
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};

use super::client::Inner;
use crate::client::origin::Origin;
use crate::client::url::Url;
use crate::service::{Fault, FaultKind};
use crate::text::RequestHead;

/// The server of a client, and the path below which it calls.
#[derive(Debug, Clone)]
pub(super) struct Base {
    server: Server,
    prefix: Box<str>,
}

/// Whom a call is for: as it is called, and as its requests name it.
#[derive(Debug, Clone)]
pub(super) struct Server {
    pub(super) origin: Arc<Origin>,
    host: HeaderValue,
}

impl Base {
    pub(super) fn read(url: &str) -> Result<Self, Fault> {
        let (origin, prefix) = match url.starts_with("unix:") {
            true => (url.parse()?, ""),
            false => {
                let url = Url::read(url)?;
                let prefix = url.path();
                (url.origin, prefix)
            }
        };
        Ok(Self { server: Server::new(origin)?, prefix: prefix.into() })
    }

    pub(super) fn origin(&self) -> &Origin {
        &self.server.origin
    }

    pub(super) fn prefix(&self) -> &str {
        &self.prefix
    }
}

impl Server {
    pub(super) fn new(origin: Origin) -> Result<Self, Fault> {
        let host = HeaderValue::try_from(origin.named());
        let host = host.map_err(|error| Fault::new(FaultKind::InvalidUrl, error))?;
        Ok(Self { host, origin: Arc::new(origin) })
    }

    /// The URL of a target on it.
    pub(super) fn url(&self, target: &[u8]) -> String {
        format!("{}{}", self.origin, target.escape_ascii())
    }

    /// The same as what stands in links: a Unix socket is `localhost` there.
    pub(super) fn web_url(&self, target: &[u8]) -> String {
        let (scheme, named) = (self.origin.scheme().as_str(), self.origin.named());
        format!("{scheme}://{named}{}", target.escape_ascii())
    }

    /// Itself, if links name it so, else another server.
    pub(super) fn or_other(&self, origin: Origin) -> Result<Self, Fault> {
        let is_same =
            origin.scheme() == self.origin.scheme() && origin.named() == self.origin.named();
        if is_same { Ok(self.clone()) } else { Self::new(origin) }
    }

    /// Names it in a request that names nobody.
    pub(super) fn name_in(&self, head: &mut RequestHead) {
        if !head.fields.contains(header::HOST) {
            head.fields.append(header::HOST, self.host.clone());
        }
    }
}

impl Inner {
    /// Finds out whom a request is for, and writes its target and `Host` as that server wants them.
    pub(super) fn aim(&self, head: &mut RequestHead) -> Result<Cow<'_, Server>, Fault> {
        let server = match (head.target.first(), &self.base) {
            (Some(b'/' | b'*'), Some(base)) => Cow::Borrowed(&base.server),
            (Some(b'/' | b'*'), None) => return Err(nobody(&head.target)),
            _ => {
                let target = head.target.clone();
                let text = std::str::from_utf8(&target).map_err(|_| FaultKind::InvalidUrl)?;
                let url = Url::read(text)?;
                head.target = url.sent_target().into();
                Cow::Owned(Server::new(url.origin)?)
            }
        };
        server.name_in(head);
        Ok(server)
    }

    /// The target of what a caller wrote: a whole URL as it is, a path below that of the client; percent-encoded where
    /// it has to be, and without a fragment, which never travels.
    pub(super) fn target(&self, url: &str) -> Result<String, Fault> {
        if let Some(control) = url.chars().find(|char| char.is_ascii_control()) {
            let why = format!("`{}` has a control character, {control:?}", url.escape_debug());
            return Err(Fault::new(FaultKind::InvalidUrl, why));
        }
        let url = url.split_once('#').map_or(url, |(url, _)| url);
        match (url.starts_with('/'), &self.base) {
            (true, Some(base)) => Ok(format!("{}{}", base.prefix, encoded(url))),
            (true, None) => Err(nobody(url.as_bytes())),
            (false, _) => {
                Url::read(url)?;
                let authority = url.find("://").map_or(0, |at| at + 3);
                let end = url[authority..].find(['/', '?']).map_or(url.len(), |at| authority + at);
                Ok(format!("{}{}", &url[..end], encoded(&url[end..])))
            }
        }
    }
}

/// A path and a query in which all stands encoded that may not stand there plainly, and nothing is encoded twice.
pub(super) fn encoded(target: &str) -> impl std::fmt::Display {
    utf8_percent_encode(target, NOT_PLAIN)
}

fn nobody(target: &[u8]) -> Fault {
    let target = target.escape_ascii();
    let why = format!(
        "`{target}` names no server, and the client has none of its own: write the whole URL, or make it with \
         Client::new"
    );
    Fault::new(FaultKind::InvalidUrl, why)
}

/// What browsers encode in a path and a query (WHATWG URL), but `'`, which is plain by RFC 3986.
pub(super) const NOT_PLAIN: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'<')
    .add(b'>')
    .add(b'`')
    .add(b'{')
    .add(b'}')
    .add(b'\\')
    .add(b'^')
    .add(b'|');
