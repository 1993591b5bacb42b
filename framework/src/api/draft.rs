//! Drafts: a call while its arguments are put in, and the request it becomes.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::ops::Range;
use std::time::Duration;

use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{HeaderName, HeaderValue, Method};
use serde::Serialize;

use crate::api::client::Base;
use crate::api::endpoint::Endpoint;
use crate::body::{Body, BoxError};
use crate::message::{Request, Response};
use crate::service::{BoxFuture, Deadline, Fault, FaultKind, Phase};
use crate::typed::text::TextError;
use crate::typed::{header, json, path, query};

/// A call that is not sent yet. A value that cannot travel is reported when the call is awaited.
#[derive(Debug)]
pub struct Draft(Box<Parts>);

/// What it is put together from: behind a pointer, as calls are handed on before they are sent.
#[derive(Debug)]
struct Parts {
    base: Base,
    endpoint: &'static Endpoint,
    path: PathWriter<'static>,
    query: Vec<(&'static str, Vec<(String, String)>)>,
    fields: Vec<(String, String)>,
    content: Option<(&'static str, Body)>,
    timeout: Option<Duration>,
    mistake: Option<String>,
}

impl Draft {
    pub(super) fn new(base: Base, endpoint: &'static Endpoint) -> Self {
        Self(Box::new(Parts {
            path: PathWriter::new(endpoint.template),
            timeout: base.ground.timeout,
            base,
            endpoint,
            query: Vec::new(),
            fields: Vec::new(),
            content: None,
            mistake: None,
        }))
    }

    /// Puts in a path parameter.
    pub fn path<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) {
        self.0.path.put(name, value);
    }

    /// Puts in a query key, in the place of what stood there.
    pub fn query<T: Serialize + ?Sized>(&mut self, key: &'static str, value: &T) {
        self.0.query.retain(|(taken, _)| *taken != key);
        match query::write(key, value) {
            Ok(pairs) => self.0.put_pairs(key, pairs),
            Err(error) => self.0.mistaken(key, &error.into()),
        }
    }

    /// Puts in a field of the route's own, in the place of what stood there.
    pub fn header<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) {
        self.0.fields.retain(|(taken, _)| !taken.eq_ignore_ascii_case(name));
        match header::write(value) {
            Ok(value) => self.0.fields.extend(value.map(|value| (name.to_owned(), value))),
            Err(error) => self.0.mistaken(name, &error.into()),
        }
    }

    /// Puts in the content, as JSON.
    pub fn json<T: Serialize + ?Sized>(&mut self, value: &T) {
        match json::write(value) {
            Ok(body) => self.content(json::MEDIA_TYPE, body),
            Err(error) => self.0.mistaken("the body", &error.into()),
        }
    }

    /// Puts in the content as it is, of this media type unless the caller names another.
    pub fn content(&mut self, media_type: &'static str, body: impl Into<Body>) {
        self.0.content = Some((media_type, body.into()));
    }

    /// Puts in a field of the caller's own, in the place of what stood there.
    pub(super) fn field(&mut self, name: &str, value: &str) {
        self.0.fields.retain(|(taken, _)| !taken.eq_ignore_ascii_case(name));
        self.0.fields.push((name.into(), value.into()));
    }

    pub(super) const fn limit(&mut self, limit: Duration) {
        self.0.timeout = Some(limit);
    }

    /// Sends it.
    pub(super) fn send(&mut self) -> Result<BoxFuture<'static, Result<Response, Fault>>, Fault> {
        let request = self.0.request()?;
        Ok(self.0.base.ground.service.call_shared(request))
    }
}

impl Parts {
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

    fn mistaken(&mut self, name: &str, error: &BoxError) {
        self.mistake.get_or_insert_with(|| format!("`{name}` cannot travel: {error}"));
    }

    fn request(&mut self) -> Result<Request, Fault> {
        if let Some(mistake) = self.mistake.take().or_else(|| self.path.mistake.take()) {
            return Err(Fault::new(FaultKind::InvalidRequest, mistake));
        }
        // The macro has checked the token.
        let method = Method::from_bytes(self.endpoint.method.as_bytes()).unwrap_or_default();
        let mut request = Request::new(method, self.target());
        put_fields(&mut request, &self.base.ground.fields, &self.fields)?;
        if let Some((media_type, body)) = self.content.take() {
            request.body = body;
            if !request.head.fields.contains(CONTENT_TYPE) {
                let media_type = HeaderValue::from_static(media_type);
                request.head.fields.append(CONTENT_TYPE, media_type);
            }
        }
        if let Some(limit) = self.timeout {
            request.extensions.insert(Deadline(limit));
        }
        Ok(request)
    }

    /// The target; that of a route without parameters is there already.
    fn target(&mut self) -> Bytes {
        let (path, prefix) = (std::mem::take(&mut self.path.text), &*self.base.ground.prefix);
        let mut target = match path {
            Cow::Borrowed(path) if prefix.is_empty() && self.query.is_empty() => {
                return Bytes::from_static(path.as_bytes());
            }
            Cow::Owned(path) if prefix.is_empty() => path,
            path => [prefix, own(&path, prefix)].concat(),
        };
        let mut separator = '?';
        for (key, value) in self.query.iter().flat_map(|(_, pairs)| pairs) {
            let _ = write!(target, "{separator}{}={}", query::encode(key), query::encode(value));
            separator = '&';
        }
        target.into()
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

/// The same answer, with its content read to its end.
pub(super) async fn whole(mut response: Response) -> Result<Response, Fault> {
    let content = std::mem::take(&mut response.body).collect(u64::MAX).await?;
    response.body = content.into();
    Ok(response)
}

/// A deadline that passed.
#[must_use]
pub fn timed_out() -> Fault {
    FaultKind::Timeout(Phase::Total).into()
}

/// A path, while parameters are put into its template.
#[derive(Debug)]
pub struct PathWriter<'t> {
    text: Cow<'t, str>,
    mistake: Option<String>,
}

impl<'t> PathWriter<'t> {
    /// A path of this template.
    #[must_use]
    pub const fn new(template: &'t str) -> Self {
        Self { text: Cow::Borrowed(template), mistake: None }
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
        self.text.into_owned()
    }

    fn put<T: Serialize + ?Sized>(&mut self, name: &str, value: &T) {
        let word = path::write(value).unwrap_or_else(|error: TextError| {
            self.mistake.get_or_insert_with(|| format!("`{name}` cannot travel: {error}"));
            String::new()
        });
        let Some((gap, is_rest)) = gap(&self.text, name) else { return };
        let (before, behind) = (&self.text[..gap.start], &self.text[gap.end..]);
        let mut text = String::with_capacity(before.len() + word.len() + behind.len());
        text.push_str(before);
        let _ = match is_rest {
            true => text.write_str(&path::encode_rest(&word)),
            false => write!(text, "{}", path::encode(&word)),
        };
        text.push_str(behind);
        self.text = text.into();
    }
}

/// Where `{name}` or `{*name}` stands in a path, and whether it is the latter. No parameter that was put in has a brace.
fn gap(path: &str, name: &str) -> Option<(Range<usize>, bool)> {
    path.match_indices('{').find_map(|(start, _)| {
        let inside = &path[start + 1..];
        let rest = inside.strip_prefix('*');
        let behind = rest.unwrap_or(inside).strip_prefix(name)?.strip_prefix('}')?;
        Some((start..path.len() - behind.len(), rest.is_some()))
    })
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
