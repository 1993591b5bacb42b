//! Error types of handlers: what `#[derive(ApiError)]` writes.

use std::convert::Infallible;
use std::error::Error;

use http::StatusCode;

use crate::body::BodyError;
use crate::problem::{Problem, code};

/// An error that is an answer: its status and code, its fields as members, and the way back.
///
/// Derive it (`#[derive(ApiError)]`); written by hand it must keep one law: what
/// [`to_problem`](Self::to_problem) writes, [`from_problem`](Self::from_problem) reads.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no error that a route can answer with",
    label = "the error of a handler needs a status, a code and a wire form",
    note = "make an enum of your own: `#[derive(Debug, ApiError)] enum UserError {{ #[error(404, \"…\")] NotFound }}`",
    note = "an error that callers shall not see stands in it as `#[error(500)] Other(#[opaque] {Self})`, and `?` works"
)]
pub trait ApiError: Error + Sized + Send + 'static {
    /// Every variant, for the documentation of the routes.
    const VARIANTS: &'static [ErrorVariant];

    /// The answer.
    fn to_problem(&self) -> Problem;

    /// The error that an answer carries, if it is one of these.
    fn from_problem(problem: &Problem) -> Option<Self>;
}

/// One variant of an [`ApiError`].
#[derive(Debug, Clone, Copy)]
pub struct ErrorVariant {
    /// The status code.
    pub status: u16,
    /// The code, empty where the variant holds another error type.
    pub code: &'static str,
    /// The text, with its fields in braces.
    pub message: &'static str,
    /// The variants of the error that stands in this one's place.
    pub nested: Option<&'static [Self]>,
}

/// The error of a handler that cannot fail.
impl ApiError for Infallible {
    const VARIANTS: &'static [ErrorVariant] = &[];

    fn to_problem(&self) -> Problem {
        match *self {}
    }

    fn from_problem(_problem: &Problem) -> Option<Self> {
        None
    }
}

/// A handler may answer with any problem; its client gets it as it is.
impl ApiError for Problem {
    const VARIANTS: &'static [ErrorVariant] = &[];

    fn to_problem(&self) -> Problem {
        self.clone()
    }

    fn from_problem(problem: &Problem) -> Option<Self> {
        let ours = problem.code.as_ref().is_some_and(|code| code.starts_with("http."));
        (!ours).then(|| problem.clone())
    }
}

/// A handler that could not read its body says why: 413, 408 or 400, as [`Problem`] is made of it.
///
/// As a variant it is `#[error(transparent)] Body(BodyError)`. A client gets it as the framework's own problem.
impl ApiError for BodyError {
    const VARIANTS: &'static [ErrorVariant] = &[];

    fn to_problem(&self) -> Problem {
        self.into()
    }

    fn from_problem(_problem: &Problem) -> Option<Self> {
        None
    }
}

impl Problem {
    /// The answer of an error variant, as the derive writes it.
    #[must_use]
    pub fn of_variant(status: u16, code: &str, detail: String) -> Self {
        // The derive has checked the number.
        let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        Self::new(status).code(code).detail(detail)
    }

    /// The answer of a variant whose content is hidden: nothing but its status.
    #[must_use]
    pub fn of_opaque(status: u16) -> Self {
        let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        Self::new(status).code(match status {
            StatusCode::SERVICE_UNAVAILABLE => code::UNAVAILABLE,
            StatusCode::GATEWAY_TIMEOUT => code::TIMEOUT,
            _ => code::INTERNAL,
        })
    }
}

/// The cause behind an opaque variant: any error, and what derefs to one (`Box<dyn Error + Send + Sync>`,
/// `anyhow::Error`).
pub trait AsCause {
    /// The error.
    fn as_cause(&self) -> &(dyn Error + 'static);
}

impl<T: Error + 'static> AsCause for T {
    fn as_cause(&self) -> &(dyn Error + 'static) {
        self
    }
}

macro_rules! as_cause {
    ($($object:ty),*) => {$(
        impl AsCause for $object {
            fn as_cause(&self) -> &(dyn Error + 'static) {
                self
            }
        }
    )*};
}

as_cause!(dyn Error, dyn Error + Send, dyn Error + Send + Sync);
