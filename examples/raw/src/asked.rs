//! What is asked, and of whom.

use counterpart::client::Origin;
use counterpart::http::{HeaderValue, Method, Uri, header};
use counterpart::service::FaultKind;
use counterpart::{Bytes, Fault, Request};

/// A request, and whom it is for.
#[derive(Debug)]
pub(crate) struct Asked {
    pub(crate) origin: Origin,
    target: String,
    /// What is sent, with POST.
    pub(crate) content: Option<Bytes>,
}

impl Asked {
    /// Takes a URL apart.
    pub(crate) fn read(url: &Uri, content: Option<String>) -> Result<Self, Fault> {
        let (Some(scheme @ ("http" | "https")), Some(authority)) =
            (url.scheme_str(), url.authority())
        else {
            let mistake = "it does not begin with http:// or https:// and a host";
            return Err(Fault::new(FaultKind::InvalidUrl, mistake));
        };
        let target = url.path_and_query().map_or("/", |target| target.as_str());
        Self::at(&format!("{scheme}://{authority}"), target, content)
    }

    /// A target of a server.
    pub(crate) fn at(origin: &str, target: &str, content: Option<String>) -> Result<Self, Fault> {
        let content = content.map(Bytes::from);
        Ok(Self { origin: origin.parse()?, target: target.to_owned(), content })
    }

    /// The request, without its content.
    pub(crate) fn request(&self) -> Request {
        match &self.content {
            None => Request::new(Method::GET, self.target.clone()),
            Some(_) => Request::new(Method::POST, self.target.clone()).with_field(
                header::CONTENT_TYPE,
                HeaderValue::from_static("text/plain; charset=utf-8"),
            ),
        }
    }
}

/// As much of an answer is read.
pub(crate) const MOST: u64 = 16 * 1024 * 1024;
