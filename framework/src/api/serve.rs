//! The server's half of a call: from a request to the handler's arguments, and from what it returns to an answer.

use std::any::type_name;
use std::ops::Range;
use std::sync::Arc;

use bytes::Bytes;
use serde::de::DeserializeOwned;

use crate::api::endpoint::Endpoint;
use crate::api::provide::RequestContext;
use crate::api::states::States;
use crate::body::Body;
use crate::message::{Request, Response};
use crate::problem::{Invalid, Place, Problem, chain};
use crate::route::Template;
use crate::service::BoxFuture;
use crate::typed::error::ApiError;
use crate::typed::failure::{log_failure, traceparent};
use crate::typed::query::Query;
use crate::typed::text::TextError;
use crate::typed::{absent, header, json, path, rejection};

/// A request on its way into a handler.
#[derive(Debug)]
pub struct Incoming<'a> {
    context: RequestContext<'a>,
    body: Body,
    body_limit: u64,
    invalid: Vec<Invalid>,
    /// Where among the mistakes those of the content belong.
    body_at: usize,
    /// The answer that no list of mistakes can be: the content was too large, or never came whole.
    refusal: Option<Box<Problem>>,
}

/// A handler that runs.
pub type Handling<'a> = BoxFuture<'a, Response>;

/// What an app knows of a route when a request has come to it.
#[derive(Debug, Clone, Copy)]
pub struct Arrival<'a> {
    /// The route.
    pub endpoint: &'static Endpoint,
    /// Its template, prefixes included.
    pub template: &'a Template,
    /// The states that it can take.
    pub states: &'a States,
    /// The largest body it takes, in bytes.
    pub body_limit: u64,
}

impl<'a> Incoming<'a> {
    /// A request that has come to its route; `path` is where in its target the path lies.
    #[must_use]
    pub fn new(request: Request, path: Range<usize>, at: Arrival<'a>) -> Self {
        let context = RequestContext {
            head: request.head,
            path,
            peer: request.peer,
            extensions: request.extensions,
            endpoint: at.endpoint,
            template: at.template,
            states: at.states,
        };
        let (body, body_limit) = (request.body, at.body_limit);
        Self { context, body, body_limit, invalid: Vec::new(), body_at: 0, refusal: None }
    }

    /// Everything but the content.
    #[must_use]
    pub const fn context(&self) -> &RequestContext<'a> {
        &self.context
    }

    /// A path parameter.
    pub fn path<T: DeserializeOwned>(&mut self, name: &'static str) -> Option<T> {
        let raw = self.context.template.capture(self.context.path_bytes(), name);
        let read = raw.map_or_else(|| Err(TextError::missing()), path::read);
        self.gather(Place::Path, name, read)
    }

    /// What stands in the query under a key.
    pub fn query<T: DeserializeOwned>(&mut self, key: &'static str) -> Option<T> {
        match Query::parse(self.context.query().unwrap_or_default()) {
            Ok(query) => {
                let read = query.read(key);
                self.gather(Place::Query, key, read)
            }
            Err(error) => {
                let broken =
                    Invalid::new(Place::Query, error.within, "syntax", error.detail.into_owned());
                // One mistake, however many keys were to be read.
                if !self.invalid.contains(&broken) {
                    self.invalid.push(broken);
                }
                None
            }
        }
    }

    /// What stands in a field.
    pub fn header<T: DeserializeOwned>(&mut self, name: &'static str) -> Option<T> {
        let read = header::read(&self.context.head.fields, name);
        self.gather(Place::Header, name, read)
    }

    /// The refusal of content that is not JSON, or does not say so.
    #[must_use]
    pub fn refuse_media_type(&self) -> Option<Response> {
        let coding = self.context.head.fields.get_str("content-encoding");
        if let Some(coding) = coding.filter(|coding| !coding.eq_ignore_ascii_case("identity")) {
            return Some(rejection::unsupported_coding(coding).into_response());
        }
        let found = self.context.head.fields.get("content-type");
        if found.is_some_and(json::is_json) || found.is_none() && self.body.is_empty() {
            return None;
        }
        let found = found.map(String::from_utf8_lossy);
        Some(rejection::unsupported_media_type(found.as_deref()).into_response())
    }

    /// Says that the content, which is read last, stands at this place of the signature.
    pub const fn body_stands_here(&mut self) {
        self.body_at = self.invalid.len();
    }

    /// The content as it comes, of at most so many bytes as the route takes.
    pub fn body(&mut self) -> Body {
        std::mem::take(&mut self.body).limited(self.body_limit)
    }

    /// All of the content as it is, unless something else is wrong with the request.
    pub async fn bytes(&mut self) -> Option<Bytes> {
        if self.invalid.is_empty() { self.collect().await } else { None }
    }

    /// The content, as JSON. None at all is an absent option.
    pub async fn json<T: DeserializeOwned>(&mut self) -> Option<T> {
        let bytes = self.collect().await?;
        let read = if bytes.is_empty() { no_content() } else { json::read(&bytes) };
        read.map_err(|invalid| self.invalid.insert(self.body_at, invalid)).ok()
    }

    async fn collect(&mut self) -> Option<Bytes> {
        let collected = std::mem::take(&mut self.body).collect(self.body_limit).await;
        collected.map_err(|error| self.refusal = Some(Problem::from(error).into())).ok()
    }

    /// A state that the handler takes by a marker, not by its type's own word.
    ///
    /// # Errors
    /// A 500, which the start of the app has ruled out.
    pub fn state<T: Send + Sync + 'static>(&self) -> Result<&'a T, Response> {
        crate::api::provide::provide_state(&self.context)
    }

    /// The same state, to be kept.
    ///
    /// # Errors
    /// A 500, which the start of the app has ruled out.
    pub fn state_arc<T: Send + Sync + 'static>(&self) -> Result<Arc<T>, Response> {
        self.context.states.shared().ok_or_else(|| missing_state::<T>(&self.context))
    }

    /// The same state, if it was given.
    #[must_use]
    pub fn state_optional<T: Send + Sync + 'static>(&self) -> Option<&'a T> {
        self.context.state()
    }

    /// The answer that names everything that is wrong.
    #[must_use]
    pub fn reject(&mut self) -> Response {
        match self.refusal.take() {
            Some(problem) => problem.into_response(),
            None => rejection::invalid(std::mem::take(&mut self.invalid)).into_response(),
        }
    }

    fn gather<T>(&mut self, place: Place, name: &str, read: Result<T, TextError>) -> Option<T> {
        match read {
            Ok(value) => Some(value),
            Err(error) => {
                // In a struct that is its own keys, the name of the argument stands nowhere.
                let within = error.within;
                let pointer = if error.named { within } else { format!("/{name}{within}") };
                self.invalid.push(Invalid::new(
                    place,
                    pointer,
                    error.code,
                    error.detail.into_owned(),
                ));
                None
            }
        }
    }
}

/// No content, read as a type that can be absent.
fn no_content<T: DeserializeOwned>() -> Result<T, Invalid> {
    absent::read().ok_or_else(|| {
        Invalid::new(Place::Body, String::new(), "syntax", "a JSON body is required".into())
    })
}

/// The answer of a handler's error; the cause of a server's own goes to the log, under the id that the client sees.
pub fn answer_error<E: ApiError>(error: &E, request: &RequestContext<'_>) -> Response {
    let mut problem = error.to_problem();
    if problem.status.is_server_error() {
        log_failure(
            &mut problem,
            &chain(error),
            traceparent(request.fields()),
            request.endpoint.name,
        );
    }
    problem.into_response()
}

/// The answer to a panic in a handler.
#[must_use]
pub fn answer_panic(message: &str, traceparent: Option<&str>, route: &str) -> Response {
    let mut problem = Problem::internal();
    log_failure(&mut problem, &format!("panicked: {message}"), traceparent, route);
    problem.into_response()
}

/// The answer where a state is missing.
pub(super) fn missing_state<T>(request: &RequestContext<'_>) -> Response {
    let mut problem = Problem::internal();
    let cause = format!("the state `{}` was never given to the app", type_name::<T>());
    log_failure(&mut problem, &cause, traceparent(request.fields()), request.endpoint.name);
    problem.into_response()
}

/// The answer of an error outside of a route: in a layer, or in the place of what a route is provided with.
pub fn reply_error<E: ApiError>(error: &E) -> Response {
    let mut problem = error.to_problem();
    if problem.status.is_server_error() {
        log_failure(&mut problem, &chain(error), None, "");
    }
    problem.into_response()
}

/// Adds the `Location` of what a route made: `path` is that of another route in the same list, so it stands under
/// the same prefixes.
#[must_use]
pub fn located(response: Response, path: &str, request: &RequestContext<'_>) -> Response {
    crate::typed::status::located(response, &request.prefix().to(path))
}
