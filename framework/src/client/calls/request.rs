//! A request, as it is put together.

use std::time::Duration;

use http::{HeaderName, HeaderValue, Method, Version, header};
use serde::Serialize;

use super::answer::OwnedAnswer;
use super::auth;
use super::client::Client;
#[cfg(feature = "compression")]
use super::codings::Codings;
use super::progress::{Meter, Progress};
use super::redirects::Redirects;
use super::retries::Retries;
use super::settings::Asked;
use crate::body::{Body, BoxError};
use crate::message::Request;
use crate::service::{Deadline, Fault, FaultKind, Service};

/// A request of a [`Client`], to be completed and sent. What is wrong with it is told when it is sent.
///
/// ```no_run
/// use std::time::Duration;
/// use counterpart::client::Client;
///
/// # #[derive(serde::Serialize)] struct User { name: &'static str }
/// # async fn call() -> Result<(), counterpart::Fault> {
/// let client = Client::default();
/// let answer = client
///     .post("https://example.com/users")
///     .query(&[("notify", "a b")])
///     .header("x-request-id", "7")
///     .basic_auth("ada", Some("secret"))
///     .timeout(Duration::from_secs(5))
///     .json(&User { name: "Ada" })
///     .send()
///     .await?;
/// assert_eq!(answer.status(), 201);
/// # Ok(())
/// # }
/// ```
#[must_use = "a request does nothing until it is sent"]
#[derive(Debug)]
pub struct RequestBuilder {
    client: Client,
    request: Result<Request, Fault>,
    asked: Asked,
    called: (Method, String),
}

impl RequestBuilder {
    pub(super) fn new(client: Client, method: Method, url: &str) -> Self {
        let target = client.inner().target(url);
        let request = target.map(|target| Request::new(method.clone(), target));
        Self { client, request, asked: Asked::default(), called: (method, url.to_owned()) }
    }

    /// With these parameters behind those that the URL has: a list of pairs, a struct, a map. An absent option is left
    /// out, and a list is its name once for each element.
    ///
    /// ```
    /// use counterpart::client::Client;
    ///
    /// #[derive(serde::Serialize)]
    /// struct Page<'a> { q: &'a str, limit: Option<u32>, tag: Vec<&'a str> }
    ///
    /// let page = Page { q: "a b", limit: None, tag: vec!["x", "y"] };
    /// let request = Client::default().get("http://example.com/?a=1").query(&page);
    /// assert_eq!(request.target(), "http://example.com/?a=1&q=a+b&tag=x&tag=y");
    /// ```
    pub fn query<T: Serialize + ?Sized>(self, parameters: &T) -> Self {
        let pairs = serde_html_form::to_string(parameters);
        self.then(|request, _| {
            let pairs = pairs.map_err(|error| unsendable(error, "the query"))?;
            if !pairs.is_empty() {
                let target = String::from_utf8_lossy(&request.head.target);
                let sign = if target.contains('?') { '&' } else { '?' };
                request.head.target = format!("{target}{sign}{pairs}").into();
            }
            Ok(())
        })
    }

    /// With one field more.
    pub fn header<N, V>(self, name: N, value: V) -> Self
    where
        N: TryInto<HeaderName>,
        N::Error: Into<BoxError>,
        V: TryInto<HeaderValue>,
        V::Error: Into<BoxError>,
    {
        let name = name.try_into().map_err(|error| unsendable(error, "the name of a field"));
        let value = value.try_into().map_err(|error| unsendable(error, "the value of a field"));
        self.then(|request, _| {
            request.head.fields.append(name?, value?);
            Ok(())
        })
    }

    /// With a name and maybe a password (RFC 7617), both as UTF-8. In the name no `:` can stand.
    pub fn basic_auth(self, user: impl AsRef<str>, password: Option<&str>) -> Self {
        let value = auth::basic(user.as_ref(), password.unwrap_or_default());
        self.authorization(value)
    }

    /// With a bearer token (RFC 6750).
    pub fn bearer(self, token: impl AsRef<str>) -> Self {
        let value = auth::bearer(token.as_ref());
        self.authorization(value)
    }

    fn authorization(self, value: Result<HeaderValue, Fault>) -> Self {
        self.then(|request, _| {
            request.head.fields.insert(header::AUTHORIZATION, value?);
            Ok(())
        })
    }

    /// With this value as its content, as JSON, and the `Content-Type` that says so.
    pub fn json<T: Serialize + ?Sized>(self, value: &T) -> Self {
        let bytes = serde_json::to_vec(value).map_err(|error| unsendable(error, "the JSON"));
        self.typed(bytes, "application/json")
    }

    /// With this value as its content, as a form in a page would send it (`application/x-www-form-urlencoded`).
    pub fn form<T: Serialize + ?Sized>(self, value: &T) -> Self {
        let pairs =
            serde_html_form::to_string(value).map_err(|error| unsendable(error, "the form"));
        self.typed(pairs.map(String::into_bytes), "application/x-www-form-urlencoded")
    }

    /// With this text as its content, as UTF-8, and the `Content-Type` that says so.
    pub fn text(self, text: impl Into<String>) -> Self {
        self.typed(Ok(text.into().into_bytes()), "text/plain; charset=utf-8")
    }

    fn typed(self, content: Result<Vec<u8>, Fault>, kind: &'static str) -> Self {
        self.then(|request, _| {
            request.body = content?.into();
            request.head.fields.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
            Ok(())
        })
    }

    /// With this content, of which nothing is said: bytes, or a [`Body`] of a [file](Body::file), a
    /// [reader](Body::from_reader) or a [stream](Body::from_stream), which is sent as it comes.
    pub fn body(self, body: impl Into<Body>) -> Self {
        self.then(|request, _| {
            request.body = body.into();
            Ok(())
        })
    }

    /// Of this version of HTTP, 1.0 or 1.1. Default: 1.1.
    pub fn version(self, version: Version) -> Self {
        self.then(|request, _| {
            request.head.version = version;
            Ok(())
        })
    }

    /// Gives the call up after this time, counted from when it is sent to the last byte of its answer, over all
    /// redirections. Default: none, beside what a client waits for each thing.
    pub fn timeout(self, limit: Duration) -> Self {
        self.then(|request, _| {
            request.extensions.insert(Deadline(limit));
            Ok(())
        })
    }

    /// With redirections followed as this says. Default: as is set on the client, else ten of them.
    pub fn redirects(self, redirects: Redirects) -> Self {
        self.then(|_, asked| {
            asked.redirects = Some(redirects);
            Ok(())
        })
    }

    /// Made again as this says. Default: as is set on the client, else never.
    pub fn retries(self, retries: Retries) -> Self {
        self.then(|_, asked| {
            asked.retries = Some(retries);
            Ok(())
        })
    }

    /// With a function that is told of each piece of content that has travelled, in both directions. It is called on the
    /// way of the bytes, so it should be quick.
    ///
    /// ```no_run
    /// # async fn call() -> counterpart::Result<()> {
    /// # let client = counterpart::client::Client::default();
    /// let sending = client.get("https://example.com/large.iso").on_progress(|progress| {
    ///     eprintln!("{} of {:?} bytes", progress.received, progress.to_receive);
    /// });
    /// let mut file = tokio::fs::File::create("large.iso").await?;
    /// sending.send().await?.copy_to(&mut file).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn on_progress(self, tell: impl Fn(Progress) + Send + Sync + 'static) -> Self {
        self.then(|_, asked| {
            asked.meter = Some(Meter::new(tell));
            Ok(())
        })
    }

    /// With codings of content undone as this says. Default: as is set on the client, else all that are known.
    #[cfg(feature = "compression")]
    pub fn codings(self, codings: Codings) -> Self {
        self.then(|_, asked| {
            asked.codings = Some(codings);
            Ok(())
        })
    }

    /// With a bound on the content of the answer, in bytes. Default: as is set on the client.
    pub fn max_body(self, bytes: u64) -> Self {
        self.then(|_, asked| {
            asked.max_body = Some(bytes);
            Ok(())
        })
    }

    /// The target as it is so far: a path, or a whole URL; nothing, if there can be none.
    #[must_use]
    pub fn target(&self) -> &str {
        let target = self.request.as_ref().map(|request| std::str::from_utf8(&request.head.target));
        target.ok().and_then(Result::ok).unwrap_or_default()
    }

    /// Sends it, and gives the head of the answer; its content is still to be read. An answer that tells of a failure
    /// is one as well: see [`OwnedAnswer::error_for_status`].
    ///
    /// # Errors
    /// If the request cannot be sent as it was put together, or there is no answer: see [`FaultKind`].
    pub async fn send(self) -> Result<OwnedAnswer, Fault> {
        let (method, url) = self.called;
        let mut request = self.request.map_err(|fault| fault.in_call(&method, &url))?;
        request.extensions.insert(self.asked);
        let response = self.client.call(request).await?;
        Ok(OwnedAnswer::new(method, url, response))
    }

    /// Goes on, unless something was wrong before.
    fn then(mut self, step: impl FnOnce(&mut Request, &mut Asked) -> Result<(), Fault>) -> Self {
        if let Ok(request) = &mut self.request
            && let Err(fault) = step(request, &mut self.asked)
        {
            self.request = Err(fault);
        }
        self
    }
}

fn unsendable(error: impl Into<BoxError>, what: &str) -> Fault {
    Fault::new(FaultKind::InvalidRequest, format!("{what}: {}", error.into()))
}
