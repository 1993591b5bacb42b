//! Answers: what a handler may return, and how its client reads it.
//!
//! Every `T: Serialize` is an answer: 200 with JSON. The framework's own answers stand beside that blanket
//! implementation, so none of them may ever be `Serialize`. What cannot stand there has a kind of its own
//! (`kind`).

use bytes::Bytes;
use http::StatusCode;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::failure::log_failure;
use super::json;
use crate::body::Body;
use crate::message::Response;
use crate::problem::Problem;
use crate::text::{Fields, ready};

/// Something a handler can answer with.
///
/// Implement it for a type of your own that is not `Serialize`; [`FromReply`] is its other half.
///
/// ```
/// use counterpart::{Reply, Response, http::{HeaderValue, StatusCode, header}};
///
/// struct Csv(String);
///
/// impl Reply for Csv {
///     fn reply(self) -> Response {
///         Response::new(StatusCode::OK)
///             .with_field(header::CONTENT_TYPE, HeaderValue::from_static("text/csv"))
///             .with_body(self.0)
///     }
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no answer",
    label = "a handler answers with a type that is `Serialize` or a `Reply`",
    note = "for a type of your own derive `Serialize` (and `Deserialize`, for the client), or implement `Reply`",
    note = "a status of its own comes by `Created<T>`, `Accepted<T>`, `NoContent`, a variant of the route's error, or a whole `Response`"
)]
pub trait Reply {
    /// The response.
    fn reply(self) -> Response;
}

/// Something a client can read out of an answer.
#[diagnostic::on_unimplemented(
    message = "the client cannot read `{Self}` out of an answer",
    label = "awaiting this call needs `Deserialize` or `FromReply`",
    note = "for a type of your own derive `Deserialize`, or implement `FromReply`"
)]
pub trait FromReply: Sized {
    /// Whether the content is left to be read by whoever gets the value, so that [`from_stream`](Self::from_stream) is
    /// asked and not [`from_reply`](Self::from_reply). Not so, by default.
    const STREAMS: bool = false;

    /// Whether an answer of this status is one of these; any other is an error of the call. Each 2xx, by default.
    #[must_use]
    fn accepts(status: StatusCode) -> bool {
        status.is_success()
    }

    /// Reads such an answer, whose body is all there.
    ///
    /// # Errors
    /// If the answer is none of these.
    fn from_reply(answer: Answered) -> Result<Self, Undecodable>;

    /// Takes such an answer while its content is still to come.
    ///
    /// # Errors
    /// If the answer is none of these.
    fn from_stream(response: Response) -> Result<Self, Undecodable> {
        Self::from_reply(Answered::of(response))
    }
}

/// An answer, read to its end.
#[derive(Debug, Clone)]
pub struct Answered {
    /// The status code.
    pub status: StatusCode,
    /// The fields.
    pub fields: Fields,
    /// The content.
    pub body: Bytes,
}

impl Answered {
    /// Of a response whose content is all there.
    pub(crate) fn of(mut response: Response) -> Self {
        let body = response.body.take_whole().unwrap_or_default();
        Self { status: response.status, fields: response.fields, body }
    }
}

/// Why an answer could not be read as the type that the route promises.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Undecodable(pub String);

impl std::fmt::Display for Undecodable {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Undecodable {}

#[diagnostic::do_not_recommend]
impl<T: Serialize> Reply for T {
    fn reply(self) -> Response {
        json(StatusCode::OK, &self)
    }
}

#[diagnostic::do_not_recommend]
impl<T: DeserializeOwned> FromReply for T {
    fn from_reply(answer: Answered) -> Result<Self, Undecodable> {
        from_json(&answer)
    }
}

/// A response of JSON; a value that has no form as JSON is an error of the server's own.
pub(super) fn json<T: Serialize + ?Sized>(status: StatusCode, value: &T) -> Response {
    match json::write(value) {
        Ok(body) => Response::of_ready(status, &ready::JSON, body),
        Err(error) => {
            let of = std::any::type_name::<T>();
            let cause = format!("an answer of type `{of}` has no form as JSON: {error}");
            let mut problem = Problem::internal();
            log_failure(&mut problem, &cause, None, "");
            problem.into_response()
        }
    }
}

/// JSON content as a value; no content is read as `null`.
///
/// # Errors
/// If it is no `T`.
pub fn from_json<T: DeserializeOwned>(answer: &Answered) -> Result<T, Undecodable> {
    let body: &[u8] = if answer.body.is_empty() { b"null" } else { &answer.body };
    json::read(body).map_err(|invalid| {
        let of = std::any::type_name::<T>();
        Undecodable(format!("the answer is no `{of}`: {invalid}"))
    })
}

impl Reply for Response {
    fn reply(self) -> Response {
        self
    }
}

impl FromReply for Response {
    const STREAMS: bool = true;

    fn from_reply(answer: Answered) -> Result<Self, Undecodable> {
        let mut response = Self::new(answer.status).with_body(answer.body);
        response.fields = answer.fields;
        Ok(response)
    }

    fn from_stream(response: Response) -> Result<Self, Undecodable> {
        Ok(response)
    }
}

/// 200 with `application/octet-stream`, sent as it comes; its client gets it as it comes, too.
///
/// [`WithHeaders`](crate::WithHeaders) gives it another content type.
impl Reply for Body {
    fn reply(self) -> Response {
        Response::of_ready(StatusCode::OK, &ready::OCTETS, self)
    }
}

impl FromReply for Body {
    const STREAMS: bool = true;

    fn from_reply(answer: Answered) -> Result<Self, Undecodable> {
        Ok(answer.body.into())
    }

    fn from_stream(response: Response) -> Result<Self, Undecodable> {
        Ok(response.body)
    }
}

/// The media type of bytes that are nothing else.
pub const OCTETS: &str = "application/octet-stream";

impl Reply for Problem {
    fn reply(self) -> Response {
        self.into_response()
    }
}
