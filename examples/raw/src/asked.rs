//! What is asked, and of whom.

use counterpart::client::Authority;
use counterpart::http::{HeaderValue, Method, Uri, header};
use counterpart::service::FaultKind;
use counterpart::{Bytes, Fault, Request};

/// A request, and whom it is for.
#[derive(Debug)]
pub(crate) struct Asked {
    pub(crate) authority: Authority,
    target: String,
    /// What is sent, with POST.
    pub(crate) content: Option<Bytes>,
}

impl Asked {
    /// Takes a URL apart.
    pub(crate) fn read(url: &Uri, content: Option<String>) -> Result<Self, Fault> {
        let (Some("http"), Some(authority)) = (url.scheme_str(), url.authority()) else {
            let mistake = "it does not begin with http:// and a host";
            return Err(Fault::new(FaultKind::InvalidUrl, mistake));
        };
        let target = url.path_and_query().map_or("/", |target| target.as_str());
        Self::at(authority.as_str(), target, content)
    }

    /// A target of a server.
    pub(crate) fn at(
        authority: &str,
        target: &str,
        content: Option<String>,
    ) -> Result<Self, Fault> {
        let content = content.map(Bytes::from);
        Ok(Self { authority: authority.parse()?, target: target.to_owned(), content })
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
