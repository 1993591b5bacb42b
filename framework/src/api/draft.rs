//! Drafts: a call while its arguments are put in, and the request it becomes.

use std::fmt::Write as _;
use std::time::Duration;

use http::header::CONTENT_TYPE;
use http::{HeaderName, HeaderValue, Method, StatusCode};
use serde::Serialize;

use crate::api::client::Base;
use crate::api::endpoint::Endpoint;
use crate::body::{Body, BoxError};
use crate::message::{Request, Response};
use crate::service::{Deadline, Fault, FaultKind, Phase, Service};
use crate::typed::text::TextError;
use crate::typed::{header, json, path, query};

/// A call that is not sent yet. A value that cannot travel is reported when the call is awaited.
#[derive(Debug)]
pub struct Draft {
    base: Base,
    endpoint: &'static Endpoint,
    path: PathWriter,
    query: Vec<(&'static str, Vec<(String, String)>)>,
    fields: Vec<(String, String)>,
    content: Option<(&'static str, Body)>,
    timeout: Option<Duration>,
    mistake: Option<String>,
}

impl Draft {
    pub(super) fn new(base: Base, endpoint: &'static Endpoint) -> Self {
        Self {
            path: PathWriter::new(endpoint.template),
            timeout: base.timeout,
            base,
            endpoint,
            query: Vec::new(),
            fields: Vec::new(),
            content: None,
            mistake: None,
        }
    }

    /// Puts in a path parameter.
    pub fn path<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) {
        self.path.put(name, value);
    }

    /// Puts in a query key, in the place of what stood there.
    pub fn query<T: Serialize + ?Sized>(&mut self, key: &'static str, value: &T) {
        self.query.retain(|(taken, _)| *taken != key);
        match query::write(key, value) {
            Ok(pairs) => self.put_pairs(key, pairs),
            Err(error) => self.mistaken(key, &error.into()),
        }
    }

    fn put_pairs(&mut self, key: &'static str, pairs: Vec<(String, String)>) {
        let mut others = self.query.iter().flat_map(|(_, pairs)| pairs);
        if let Some((taken, _)) =
            others.find(|(taken, _)| pairs.iter().any(|(own, _)| own == taken))
        {
            let mistake = format!("two arguments of the route send the query key `{taken}`");
            self.mistake.get_or_insert(mistake);
        }
        self.query.push((key, pairs));
    }

    /// Puts in a field of the route's own, in the place of what stood there.
    pub fn header<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) {
        self.fields.retain(|(taken, _)| !taken.eq_ignore_ascii_case(name));
        match header::write(value) {
            Ok(value) => self.fields.extend(value.map(|value| (name.to_owned(), value))),
            Err(error) => self.mistaken(name, &error.into()),
        }
    }

    /// Puts in the content, as JSON.
    pub fn json<T: Serialize + ?Sized>(&mut self, value: &T) {
        match json::write(value) {
            Ok(body) => self.content(json::MEDIA_TYPE, body),
            Err(error) => self.mistaken("the body", &error.into()),
        }
    }

    /// Puts in the content as it is, of this media type unless the caller names another.
    pub fn content(&mut self, media_type: &'static str, body: impl Into<Body>) {
        self.content = Some((media_type, body.into()));
    }

    /// Puts in a field of the caller's own, in the place of what stood there.
    pub(super) fn field(&mut self, name: &str, value: &str) {
        self.fields.retain(|(taken, _)| !taken.eq_ignore_ascii_case(name));
        self.fields.push((name.into(), value.into()));
    }

    pub(super) const fn limit(&mut self, limit: Duration) {
        self.timeout = Some(limit);
    }

    fn mistaken(&mut self, name: &str, error: &BoxError) {
        self.mistake.get_or_insert_with(|| format!("`{name}` cannot travel: {error}"));
    }

    /// The request, and the base to send it by.
    pub(super) fn finish(self) -> Result<(Base, Request), Fault> {
        if let Some(mistake) = self.mistake.or(self.path.mistake) {
            return Err(Fault::new(FaultKind::InvalidRequest, mistake));
        }
        let mut target = format!("{}{}", self.base.prefix, own(&self.path.text, &self.base.prefix));
        let mut separator = '?';
        for (key, value) in self.query.iter().flat_map(|(_, pairs)| pairs) {
            let _ = write!(target, "{separator}{}={}", query::encode(key), query::encode(value));
            separator = '&';
        }
        // The macro has checked the token.
        let method = Method::from_bytes(self.endpoint.method.as_bytes()).unwrap_or_default();
        let mut request = Request::new(method, target);
        put_fields(&mut request, &self.base.fields, &self.fields)?;
        if let Some((media_type, body)) = self.content {
            request.body = body;
            if !request.head.fields.contains(CONTENT_TYPE) {
                let media_type = HeaderValue::from_static(media_type);
                request.head.fields.append(CONTENT_TYPE, media_type);
            }
        }
        if let Some(limit) = self.timeout {
            request.extensions.insert(Deadline(limit));
        }
        Ok((self.base, request))
    }
}

/// The path `/` below a prefix is the prefix itself.
fn own<'p>(path: &'p str, prefix: &str) -> &'p str {
    if path == "/" && !prefix.is_empty() { "" } else { path }
}

/// Puts fields into a request: a call's own word on a name goes before its client's.
pub(super) fn put_fields(
    request: &mut Request,
    of_client: &[(String, String)],
    of_call: &[(String, String)],
) -> Result<(), Fault> {
    let said = |name: &str| of_call.iter().any(|(own, _)| own.eq_ignore_ascii_case(name));
    for (name, value) in of_client.iter().filter(|(name, _)| !said(name)).chain(of_call) {
        let parsed = (HeaderName::from_bytes(name.as_bytes()), HeaderValue::from_str(value));
        let (Ok(parsed), Ok(value)) = parsed else {
            let mistake = format!("the field `{name}` cannot stand in a head");
            return Err(Fault::new(FaultKind::InvalidRequest, mistake));
        };
        request.head.fields.append(parsed, value);
    }
    Ok(())
}

/// Sends a request, and reads the answer to its end, unless one of its status is to stream.
pub(super) async fn exchange(
    base: &Base,
    request: Request,
    streams: fn(StatusCode) -> bool,
) -> Result<Response, Fault> {
    let mut response = base.service.call(request).await?;
    if !streams(response.status) {
        let whole = std::mem::take(&mut response.body).collect(u64::MAX).await?;
        response.body = whole.into();
    }
    Ok(response)
}

/// A deadline that passed.
#[must_use]
pub fn timed_out() -> Fault {
    FaultKind::Timeout(Phase::Total).into()
}

/// A path, while parameters are put into its template.
#[derive(Debug)]
pub struct PathWriter {
    text: String,
    mistake: Option<String>,
}

impl PathWriter {
    /// A path of this template.
    #[must_use]
    pub fn new(template: &str) -> Self {
        Self { text: template.into(), mistake: None }
    }

    /// With this parameter.
    #[must_use]
    pub fn param<T: Serialize + ?Sized>(mut self, name: &str, value: &T) -> Self {
        self.put(name, value);
        self
    }

    /// The path. A parameter that cannot stand there leaves its segment empty, so that no route is met.
    #[must_use]
    pub fn finish(self) -> String {
        self.text
    }

    fn put<T: Serialize + ?Sized>(&mut self, name: &str, value: &T) {
        let word = path::write(value).unwrap_or_else(|error: TextError| {
            self.mistake.get_or_insert_with(|| format!("`{name}` cannot travel: {error}"));
            String::new()
        });
        let (one, rest) = (format!("{{{name}}}"), format!("{{*{name}}}"));
        if self.text.contains(&rest) {
            self.text = self.text.replacen(&rest, &path::encode_rest(&word), 1);
        } else {
            self.text = self.text.replacen(&one, &path::encode(&word).to_string(), 1);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_written_encoded() {
        let path =
            PathWriter::new("/a/{id}/{*rest}").param("id", "x/{*rest}").param("rest", "b c/d");
        assert_eq!(path.finish(), "/a/x%2F%7B%2Arest%7D/b%20c/d");
        let empty = PathWriter::new("/a/{id}").param("id", "");
        assert!(empty.mistake.is_some());
    }
}
