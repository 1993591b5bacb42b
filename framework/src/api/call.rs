//! Calls: what a client's method gives, a future that sends when it is first polled.

use std::fmt;
use std::marker::PhantomData;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use http::StatusCode;

use crate::api::draft::{Draft, whole};
use crate::message::Response;
use crate::problem::{MEDIA_TYPE, Problem};
use crate::service::{BoxFuture, Fault, FaultKind};
use crate::typed::error::ApiError;
use crate::typed::kind::{FromAnswer, REPLY};
use crate::typed::reply::{Answered, Undecodable};

/// A call of a route. Nothing is sent before it is first polled; dropping it gives it up.
///
/// It gives what the route answers, or a [`CallError`] with the route's own error in it.
#[must_use = "a call does nothing until it is awaited"]
pub struct Call<T, E, const KIND: u8 = REPLY> {
    state: State,
    gives: PhantomData<fn() -> (T, E)>,
}

enum State {
    Draft(Draft),
    Sent(BoxFuture<'static, Result<Response, Fault>>),
    Done,
}

/// Why a call gave no answer.
///
/// Compare it with the route's own error directly: `assert_eq!(call.await.unwrap_err(), UserError::NotFound { id: 7 })`.
#[derive(Debug)]
#[non_exhaustive]
pub enum CallError<E> {
    /// The route's own error.
    Api(E),
    /// An error that is not the route's own: the framework's (validation, 404, 405, 413 and so on), or one that
    /// a newer server knows and this client does not.
    Problem(Problem),
    /// A status that is no success, with content that is no problem.
    Status {
        /// The status code.
        status: StatusCode,
        /// The content.
        body: Bytes,
    },
    /// A success whose content is not what the route promises.
    Undecodable(Undecodable),
    /// The call took longer than its `.timeout(…)`, or the transport's own deadline passed.
    Timeout(Fault),
    /// The call cannot be sent: a text that cannot stand in a path, a field that cannot stand in a head.
    Unsendable(Fault),
    /// The transport failed: no connection, or one that broke.
    Transport(Fault),
}

/// What every call can be told; each route's call has these as its own, unless an argument has such a name.
pub trait CallOptions: Sized {
    /// Gives the call up after this time.
    #[must_use]
    fn timeout(self, limit: Duration) -> Self;

    /// Sends a field with this call. The call fails if it cannot stand in a head.
    #[must_use]
    fn header(self, name: &str, value: &str) -> Self;

    /// Sends a bearer token with this call (RFC 6750).
    #[must_use]
    fn bearer(self, token: impl AsRef<str>) -> Self {
        self.header("authorization", &format!("Bearer {}", token.as_ref()))
    }
}

impl<T, E, const KIND: u8> Call<T, E, KIND> {
    /// A call of this draft.
    pub fn new(draft: Draft) -> Self {
        Self { state: State::Draft(draft), gives: PhantomData }
    }

    /// Its draft, to be filled. There is one until the call is polled.
    pub fn draft(&mut self, fill: impl FnOnce(&mut Draft)) {
        if let State::Draft(draft) = &mut self.state {
            fill(draft);
        }
    }

    /// Gives the call up after this time.
    pub fn timeout(self, limit: Duration) -> Self {
        CallOptions::timeout(self, limit)
    }

    /// Sends a field with this call. The call fails if it cannot stand in a head.
    pub fn header(self, name: &str, value: &str) -> Self {
        CallOptions::header(self, name, value)
    }

    /// Sends a bearer token with this call (RFC 6750).
    pub fn bearer(self, token: impl AsRef<str>) -> Self {
        CallOptions::bearer(self, token)
    }
}

impl<T, E, const KIND: u8> CallOptions for Call<T, E, KIND> {
    fn timeout(mut self, limit: Duration) -> Self {
        self.draft(|draft| draft.limit(limit));
        self
    }

    fn header(mut self, name: &str, value: &str) -> Self {
        self.draft(|draft| draft.field(name, value));
        self
    }
}

impl<T, E, const KIND: u8> Future for Call<T, E, KIND>
where
    T: FromAnswer<KIND>,
    E: ApiError,
{
    type Output = Result<T::Value, CallError<E>>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let streams = |status| T::STREAMS && T::accepts(status);
        Poll::Ready(read::<T, E, KIND>(ready!(self.state.poll(cx, streams))))
    }
}

impl State {
    fn poll(
        &mut self,
        cx: &mut Context<'_>,
        streams: fn(StatusCode) -> bool,
    ) -> Poll<Result<Response, Fault>> {
        if let Self::Draft(draft) = self {
            match draft.send() {
                Ok(sent) => *self = Self::Sent(sent),
                Err(fault) => {
                    *self = Self::Done;
                    return Poll::Ready(Err(fault));
                }
            }
        }
        loop {
            let Self::Sent(sent) = self else { panic!("a call was polled after it was done") };
            let answered = ready!(sent.as_mut().poll(cx));
            *self = match answered {
                // The rest of its content is waited for as the answer was.
                Ok(response) if response.body.whole().is_none() && !streams(response.status) => {
                    Self::Sent(Box::pin(whole(response)))
                }
                answered => {
                    *self = Self::Done;
                    return Poll::Ready(answered);
                }
            };
        }
    }
}

/// Reads an answer: the status decides.
fn read<T: FromAnswer<KIND>, E: ApiError, const KIND: u8>(
    answered: Result<Response, Fault>,
) -> Result<T::Value, CallError<E>> {
    let response = answered.map_err(CallError::of_fault)?;
    if T::accepts(response.status) {
        return T::from_answer(response).map_err(CallError::Undecodable);
    }
    let answer = Answered::of(response);
    let Some(problem) = problem(&answer) else {
        return Err(CallError::Status { status: answer.status, body: answer.body });
    };
    Err(E::from_problem(&problem).map_or(CallError::Problem(problem), CallError::Api))
}

/// The problem that an answer carries, if it says that it does.
pub(super) fn problem(answer: &Answered) -> Option<Problem> {
    let found = answer.fields.get_str("content-type")?;
    let essence = found.split(';').next().unwrap_or_default().trim();
    let said = essence.eq_ignore_ascii_case(MEDIA_TYPE);
    said.then(|| Problem::read(answer.status, &answer.body))?
}

impl<E> CallError<E> {
    fn of_fault(fault: Fault) -> Self {
        match fault.kind() {
            FaultKind::Timeout(_) => Self::Timeout(fault),
            FaultKind::InvalidRequest | FaultKind::InvalidUrl => Self::Unsendable(fault),
            _ => Self::Transport(fault),
        }
    }

    /// The route's own error, if that is what it is.
    pub fn api(&self) -> Option<&E> {
        match self {
            Self::Api(error) => Some(error),
            _ => None,
        }
    }

    /// The problem, if it is one that is not the route's own.
    pub fn problem(&self) -> Option<&Problem> {
        match self {
            Self::Problem(problem) => Some(problem),
            _ => None,
        }
    }
}

impl<E: PartialEq> PartialEq<E> for CallError<E> {
    fn eq(&self, other: &E) -> bool {
        self.api() == Some(other)
    }
}

impl<E: fmt::Display> fmt::Display for CallError<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Api(error) => error.fmt(f),
            Self::Problem(problem) => problem.fmt(f),
            Self::Status { status, body } => {
                write!(f, "the answer is {status}")?;
                match std::str::from_utf8(body) {
                    Ok(text) if !text.is_empty() && text.len() < 200 => write!(f, ": {text}"),
                    _ => Ok(()),
                }
            }
            Self::Undecodable(error) => error.fmt(f),
            Self::Timeout(fault) | Self::Unsendable(fault) | Self::Transport(fault) => fault.fmt(f),
        }
    }
}

impl<E: std::error::Error + 'static> std::error::Error for CallError<E> {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.api().and_then(std::error::Error::source)
    }
}

impl<T, E, const KIND: u8> fmt::Debug for Call<T, E, KIND> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.state {
            State::Draft(draft) => f.debug_tuple("Call").field(draft).finish(),
            State::Sent(_) => f.write_str("Call(sent)"),
            State::Done => f.write_str("Call(done)"),
        }
    }
}
