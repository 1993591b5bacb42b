//! Problems: how every error travels (`application/problem+json`, RFC 9457).
//!
//! One shape for the framework's own errors and for those of handlers, written by the server and read by
//! the client.

use std::borrow::Cow;
use std::fmt;

use http::{HeaderName, HeaderValue, StatusCode};
use serde::de::DeserializeOwned;
use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::{Map, Value};

use crate::body::{BodyError, BodyErrorKind, BoxError};
use crate::message::Response;
use crate::text::ready;
use crate::text::reason::phrase;

/// A problem: what went wrong, in words and in codes (RFC 9457 §3).
///
/// ```
/// use counterpart::{Problem, http::StatusCode};
///
/// let problem = Problem::new(StatusCode::CONFLICT).code("stale").detail("somebody was faster");
/// assert_eq!(problem.to_string(), "409 Conflict: somebody was faster");
/// ```
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Problem {
    /// The status code of the answer.
    pub status: StatusCode,
    /// What is particular to this occurrence.
    pub detail: Option<String>,
    /// What a program decides by: an error variant in kebab-case, or a code of the framework's (`http.…`).
    pub code: Option<String>,
    /// All that is wrong with a request, each with its place; empty for every other problem.
    pub errors: Vec<Invalid>,
    /// Under which name the server's log has the cause; with 5xx only.
    pub trace_id: Option<String>,
    /// What is seldom asked for: a `Result<T, Problem>` stays small.
    rest: Box<Rest>,
}

#[derive(Debug, Clone, PartialEq)]
struct Rest {
    kind: Cow<'static, str>,
    title: Cow<'static, str>,
    members: Map<String, Value>,
    /// Fields of the answer that belong to the problem, such as `Allow`.
    fields: Vec<(HeaderName, HeaderValue)>,
}

/// One thing that is wrong with a request.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Invalid {
    /// The part of the request.
    pub place: Place,
    /// A JSON Pointer (RFC 6901) within that part: `/name` for a member, a key or a parameter; empty for all of it.
    pub pointer: String,
    /// What kind of mistake: `missing`, `invalid`, `duplicate`, `syntax`.
    pub code: String,
    /// The mistake in words.
    pub detail: String,
}

/// A part of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Place {
    /// A parameter of the path.
    Path,
    /// A key of the query.
    Query,
    /// A field of the head.
    Header,
    /// The content.
    Body,
}

/// The framework's own codes; each begins with `http.`, which no error variant can.
pub mod code {
    /// No route has this path.
    pub const ROUTE_NOT_FOUND: &str = "http.route-not-found";
    /// The path is there, the method is not.
    pub const METHOD_NOT_ALLOWED: &str = "http.method-not-allowed";
    /// Something in path, query, fields or content is wrong.
    pub const INVALID_REQUEST: &str = "http.invalid-request";
    /// The bytes are no HTTP.
    pub const MALFORMED: &str = "http.malformed";
    /// The server cannot do this: a transfer coding, or CONNECT.
    pub const NOT_IMPLEMENTED: &str = "http.not-implemented";
    /// The version is none that the server speaks.
    pub const VERSION_NOT_SUPPORTED: &str = "http.version-not-supported";
    /// A part of the message is over its limit.
    pub const TOO_LARGE: &str = "http.too-large";
    /// The content is not of a type that the route takes.
    pub const UNSUPPORTED_MEDIA_TYPE: &str = "http.unsupported-media-type";
    /// The host of the request is none of the server's.
    pub const MISDIRECTED: &str = "http.misdirected";
    /// The resource is there for another protocol alone.
    pub const UPGRADE_REQUIRED: &str = "http.upgrade-required";
    /// An `Expect` that cannot be met.
    pub const EXPECTATION_FAILED: &str = "http.expectation-failed";
    /// The request, or its handler, took too long.
    pub const TIMEOUT: &str = "http.timeout";
    /// The server is full, stopping, or waits for something of its own.
    pub const UNAVAILABLE: &str = "http.unavailable";
    /// The peer has more connections than the server takes from one.
    pub const TOO_MANY_CONNECTIONS: &str = "http.too-many-connections";
    /// The server made a mistake.
    pub const INTERNAL: &str = "http.internal";
}

/// The media type of a problem.
pub const MEDIA_TYPE: &str = "application/problem+json";

impl Problem {
    /// A problem that says no more than its status.
    #[must_use]
    pub fn new(status: StatusCode) -> Self {
        let title = match phrase(status) {
            "" => "Unknown Status",
            known => known,
        };
        Self {
            status,
            detail: None,
            code: None,
            errors: Vec::new(),
            trace_id: None,
            rest: Box::new(Rest {
                kind: "about:blank".into(),
                title: title.into(),
                members: Map::new(),
                fields: Vec::new(),
            }),
        }
    }

    /// An error of the server's own, of which the client learns nothing but the status.
    #[must_use]
    pub fn internal() -> Self {
        Self::new(StatusCode::INTERNAL_SERVER_ERROR).code(code::INTERNAL)
    }

    /// 417: an expectation that nobody knows.
    pub(crate) fn of_expectation() -> Self {
        Self::new(StatusCode::EXPECTATION_FAILED)
            .code(code::EXPECTATION_FAILED)
            .detail("the only expectation that can be met is `100-continue`")
    }

    /// With this code.
    #[must_use]
    pub fn code(mut self, code: impl Into<String>) -> Self {
        self.code = Some(code.into());
        self
    }

    /// With these words on the occurrence.
    #[must_use]
    pub fn detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = Some(detail.into());
        self
    }

    /// With a member more; one that has no JSON form is left out.
    #[must_use]
    pub fn member<T: Serialize + ?Sized>(mut self, name: &str, value: &T) -> Self {
        if let Ok(value) = serde_json::to_value(value) {
            self.rest.members.insert(name.into(), value);
        }
        self
    }

    /// A member, as the type it was written from; an absent one as a type that can be absent.
    #[must_use]
    pub fn take_member<T: DeserializeOwned>(&self, name: &str) -> Option<T> {
        T::deserialize(self.rest.members.get(name).unwrap_or(&Value::Null)).ok()
    }

    /// With a field of the answer, such as `Retry-After`.
    #[must_use]
    pub fn with_field(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.rest.fields.push((name, value));
        self
    }

    /// A URI that names the kind of problem; `about:blank` says that the title is the status's own phrase.
    #[must_use]
    pub fn kind(&self) -> &str {
        &self.rest.kind
    }

    /// A short summary, the same for each occurrence.
    #[must_use]
    pub fn title(&self) -> &str {
        &self.rest.title
    }

    /// Every other member, such as the fields of an error variant.
    #[must_use]
    pub fn members(&self) -> &Map<String, Value> {
        &self.rest.members
    }

    /// Reads a problem that came with this status; `None` if it is not one.
    #[must_use]
    pub fn read(status: StatusCode, body: &[u8]) -> Option<Self> {
        let Ok(Value::Object(mut members)) = serde_json::from_slice(body) else { return None };
        let mut text = |name: &str| match members.remove(name) {
            Some(Value::String(text)) => Some(text),
            _ => None,
        };
        let mut problem = Self::new(status);
        if let Some(kind) = text("type") {
            problem.rest.kind = kind.into();
        }
        if let Some(title) = text("title") {
            problem.rest.title = title.into();
        }
        problem.detail = text("detail");
        problem.code = text("code");
        problem.trace_id = text("trace_id");
        members.remove("status");
        if let Some(Value::Array(errors)) = members.remove("errors") {
            problem.errors = errors.iter().filter_map(Invalid::read).collect();
        }
        problem.rest.members = members;
        Some(problem)
    }

    /// The answer that carries it.
    #[must_use]
    pub fn into_response(mut self) -> Response {
        let body = serde_json::to_vec(&Written(&self)).unwrap_or_default();
        let mut response = Response::of_ready(self.status, &ready::PROBLEM, body);
        for (name, value) in self.rest.fields.drain(..) {
            response.fields.append(name, value);
        }
        response
    }
}

/// The answer to a body that could not be read: 413 past a limit, 408 where it stalled, else 400.
///
/// So `?` on a body in a handler that answers `Result<T, Problem>` says what the client did. It is said of the
/// request's own body; the answer of some other server that could not be read is no fault of this client.
impl From<&BodyError> for Problem {
    fn from(error: &BodyError) -> Self {
        let (status, code) = match error.kind() {
            BodyErrorKind::TooLarge { .. } => (StatusCode::PAYLOAD_TOO_LARGE, code::TOO_LARGE),
            BodyErrorKind::Stalled => (StatusCode::REQUEST_TIMEOUT, code::TIMEOUT),
            _ => (StatusCode::BAD_REQUEST, code::MALFORMED),
        };
        let problem = Self::new(status).code(code).detail(error.to_string());
        match error.kind() {
            BodyErrorKind::TooLarge { limit } => problem.member("limit", limit),
            _ => problem,
        }
    }
}

impl From<BodyError> for Problem {
    fn from(error: BodyError) -> Self {
        Self::from(&error)
    }
}

/// The members in the order in which people read them.
struct Written<'p>(&'p Problem);

impl Serialize for Written<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let problem = self.0;
        let mut all = serializer.serialize_map(None)?;
        all.serialize_entry("type", problem.kind())?;
        all.serialize_entry("title", problem.title())?;
        all.serialize_entry("status", &problem.status.as_u16())?;
        for (name, text) in [("detail", &problem.detail), ("code", &problem.code)] {
            if let Some(text) = text {
                all.serialize_entry(name, text)?;
            }
        }
        for (name, value) in problem.members() {
            all.serialize_entry(name, value)?;
        }
        if !problem.errors.is_empty() {
            all.serialize_entry(
                "errors",
                &Vec::from_iter(problem.errors.iter().map(WrittenInvalid)),
            )?;
        }
        if let Some(trace_id) = &problem.trace_id {
            all.serialize_entry("trace_id", trace_id)?;
        }
        all.end()
    }
}

struct WrittenInvalid<'p>(&'p Invalid);

impl Serialize for WrittenInvalid<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Invalid { place, pointer, code, detail } = self.0;
        let mut all = serializer.serialize_map(Some(4))?;
        all.serialize_entry("in", place.name())?;
        all.serialize_entry("pointer", pointer)?;
        all.serialize_entry("code", code)?;
        all.serialize_entry("detail", detail)?;
        all.end()
    }
}

impl Invalid {
    /// A mistake in a part of a request.
    #[must_use]
    pub fn new(place: Place, pointer: String, code: &str, detail: String) -> Self {
        Self { place, pointer, code: code.into(), detail }
    }

    fn read(value: &Value) -> Option<Self> {
        let text = |name: &str| value.get(name).and_then(Value::as_str).map(str::to_owned);
        Some(Self {
            place: Place::ALL
                .into_iter()
                .find(|place| Some(place.name()) == value["in"].as_str())?,
            pointer: text("pointer")?,
            code: text("code").unwrap_or_default(),
            detail: text("detail").unwrap_or_default(),
        })
    }
}

impl Place {
    const ALL: [Self; 4] = [Self::Path, Self::Query, Self::Header, Self::Body];

    /// The word by which it travels.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Path => "path",
            Self::Query => "query",
            Self::Header => "header",
            Self::Body => "body",
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.status.as_u16(), self.title())?;
        if let Some(detail) = &self.detail {
            write!(f, ": {detail}")?;
        }
        for error in &self.errors {
            write!(f, "; {error}")?;
        }
        Ok(())
    }
}

impl fmt::Display for Invalid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}: {}", self.place.name(), self.pointer, self.detail)
    }
}

impl std::error::Error for Problem {}

/// An error as one line: itself and its causes.
#[must_use]
pub fn chain(error: &(dyn std::error::Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        source = cause.source();
    }
    text
}

/// The same for an error of any kind.
#[must_use]
pub fn chain_of(error: &BoxError) -> String {
    chain(error.as_ref())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let mut problem = Problem::new(StatusCode::UNPROCESSABLE_ENTITY)
            .code(code::INVALID_REQUEST)
            .detail("one mistake")
            .member("id", &7);
        problem.errors.push(Invalid::new(Place::Body, "/name".into(), "invalid", "no".into()));
        let response = problem.clone().into_response();
        let body = response.body.whole().unwrap();
        assert_eq!(Problem::read(problem.status, body), Some(problem));
    }

    #[test]
    fn other_json_is_read_as_far_as_it_goes_and_no_json_is_no_problem() {
        let problem = Problem::read(StatusCode::NOT_FOUND, br#"{"message":"gone"}"#).unwrap();
        assert_eq!(problem.title(), "Not Found");
        assert_eq!(problem.take_member::<String>("message").as_deref(), Some("gone"));
        assert_eq!(Problem::read(StatusCode::NOT_FOUND, b"<html>"), None);
    }
}
