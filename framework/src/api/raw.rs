//! Calls by hand: any method, any target, any content, for bad input on purpose.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http::{Method, StatusCode};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::api::call::{CallOptions, problem};
use crate::api::client::Base;
use crate::api::draft::{put_fields, whole};
use crate::body::Body;
use crate::message::Request;
use crate::problem::Problem;
use crate::service::{BoxFuture, Deadline, Fault, FaultKind, Service};
use crate::text::Fields;
use crate::typed::json;
use crate::typed::reply::{Answered, Undecodable, from_json};

/// A call by hand. It goes out as it was written, and every answer is a success.
#[must_use = "a call does nothing until it is awaited"]
pub struct RawCall {
    state: State,
}

enum State {
    Draft(Box<RawDraft>),
    Sent(BoxFuture<'static, Result<RawAnswer, Fault>>),
}

#[derive(Debug)]
struct RawDraft {
    base: Base,
    method: String,
    target: String,
    fields: Vec<(String, String)>,
    body: Body,
    timeout: Option<Duration>,
    mistake: Option<String>,
}

/// What came back, whatever its status.
#[derive(Debug, Clone)]
pub struct RawAnswer(Answered);

impl RawCall {
    pub(super) fn new(base: Base, method: &str, target: &str) -> Self {
        let draft = RawDraft {
            method: method.into(),
            target: format!("{}{target}", base.ground.prefix),
            timeout: base.ground.timeout,
            base,
            fields: Vec::new(),
            body: Body::empty(),
            mistake: None,
        };
        Self { state: State::Draft(Box::new(draft)) }
    }

    /// With this value as JSON, and the content type of JSON.
    pub fn json<T: Serialize>(mut self, value: T) -> Self {
        self.fill(|draft| match json::write(&value) {
            Ok(body) => {
                draft.body = body.into();
                draft.fields.push(("content-type".into(), json::MEDIA_TYPE.into()));
            }
            Err(error) => draft.mistake = Some(error.to_string()),
        });
        self
    }

    /// With this content, and no content type.
    pub fn body(mut self, body: impl Into<Body>) -> Self {
        self.fill(|draft| draft.body = body.into());
        self
    }

    /// With this field.
    pub fn header(self, name: &str, value: &str) -> Self {
        CallOptions::header(self, name, value)
    }

    /// With this bearer token (RFC 6750).
    pub fn bearer(self, token: impl AsRef<str>) -> Self {
        CallOptions::bearer(self, token)
    }

    /// Gives the call up after this time.
    pub fn timeout(self, limit: Duration) -> Self {
        CallOptions::timeout(self, limit)
    }

    fn fill(&mut self, fill: impl FnOnce(&mut RawDraft)) {
        if let State::Draft(draft) = &mut self.state {
            fill(draft);
        }
    }
}

impl CallOptions for RawCall {
    fn timeout(mut self, limit: Duration) -> Self {
        self.fill(|draft| draft.timeout = Some(limit));
        self
    }

    fn header(mut self, name: &str, value: &str) -> Self {
        self.fill(|draft| draft.fields.push((name.into(), value.into())));
        self
    }
}

impl RawDraft {
    fn finish(self) -> Result<(Base, Request), Fault> {
        let unsendable = |mistake: String| Fault::new(FaultKind::InvalidRequest, mistake);
        if let Some(mistake) = self.mistake {
            return Err(unsendable(mistake));
        }
        let method = Method::from_bytes(self.method.as_bytes())
            .map_err(|_| unsendable(format!("`{}` is no method", self.method)))?;
        let mut request = Request::new(method, self.target).with_body(self.body);
        put_fields(&mut request, &self.base.ground.fields, &self.fields)?;
        if let Some(limit) = self.timeout {
            request.extensions.insert(Deadline(limit));
        }
        Ok((self.base, request))
    }

    async fn send(self) -> Result<RawAnswer, Fault> {
        let (base, request) = self.finish()?;
        let response = base.ground.service.call(request).await?;
        Ok(RawAnswer(Answered::of(whole(response).await?)))
    }
}

impl Future for RawCall {
    type Output = Result<RawAnswer, Fault>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        if let State::Draft(_) = &self.state {
            let nothing = State::Sent(Box::pin(std::future::pending()));
            if let State::Draft(draft) = std::mem::replace(&mut self.state, nothing) {
                self.state = State::Sent(Box::pin(draft.send()));
            }
        }
        match &mut self.state {
            State::Sent(sent) => sent.as_mut().poll(cx),
            State::Draft(_) => Poll::Pending,
        }
    }
}

impl RawAnswer {
    /// The status code; it compares with a number.
    #[must_use]
    pub const fn status(&self) -> StatusCode {
        self.0.status
    }

    /// The fields.
    #[must_use]
    pub const fn headers(&self) -> &Fields {
        &self.0.fields
    }

    /// A field, if it is there and text.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.0.fields.get_str(name)
    }

    /// The content.
    #[must_use]
    pub const fn body(&self) -> &Bytes {
        &self.0.body
    }

    /// The content as text; what is not UTF-8 becomes `U+FFFD`.
    #[must_use]
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.0.body).into_owned()
    }

    /// The content as JSON.
    ///
    /// # Errors
    /// If it is none, or no `T`.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, Undecodable> {
        from_json(&self.0)
    }

    /// The problem it carries, if it says that it does (`application/problem+json`).
    #[must_use]
    pub fn problem(&self) -> Option<Problem> {
        problem(&self.0)
    }
}

impl std::fmt::Debug for RawCall {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.state {
            State::Draft(draft) => f.debug_tuple("RawCall").field(draft).finish(),
            State::Sent(_) => f.write_str("RawCall(sent)"),
        }
    }
}
