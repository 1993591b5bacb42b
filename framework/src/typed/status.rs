//! Answers with a status of their own.

use std::ops::{Deref, DerefMut};

use http::{HeaderName, HeaderValue, StatusCode, header};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::reply::{Answered, FromReply, Reply, Undecodable, from_json, json};
use crate::message::Response;
use crate::text::{Fields, ready};

/// 201 with JSON: something was made (RFC 9110 §15.3.2).
///
/// `#[post("/api/users", location = get_user)]` adds the `Location` of what was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Created<T>(pub T);

/// 202 with JSON: something will be done (RFC 9110 §15.3.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Accepted<T>(pub T);

/// 204: done, and nothing to say (RFC 9110 §15.3.5). A handler that returns `()` answers the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct NoContent;

/// 200 with `text/plain; charset=utf-8`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Text(pub String);

/// 200 with `text/html; charset=utf-8`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Html(pub String);

/// A redirection to another target (RFC 9110 §15.4).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Redirect {
    status: StatusCode,
    location: String,
}

/// An answer with fields of its own.
///
/// ```
/// use counterpart::{Reply, WithHeaders, http::{HeaderValue, header}};
///
/// let answer = WithHeaders::new("hello".to_owned())
///     .with(header::CACHE_CONTROL, HeaderValue::from_static("max-age=60"));
/// assert_eq!(answer.reply().fields.get("cache-control"), Some(&b"max-age=60"[..]));
/// ```
#[derive(Debug, Clone)]
pub struct WithHeaders<T> {
    /// The answer.
    pub value: T,
    /// Its fields beside those that the answer has by itself.
    pub fields: Fields,
}

macro_rules! json_with_status {
    ($($name:ident $status:ident),*) => {$(
        impl<T: Serialize> Reply for $name<T> {
            fn reply(self) -> Response {
                json(StatusCode::$status, &self.0)
            }
        }

        impl<T: DeserializeOwned> FromReply for $name<T> {
            fn from_reply(answer: Answered) -> Result<Self, Undecodable> {
                from_json(&answer).map(Self)
            }
        }

        impl<T> Deref for $name<T> {
            type Target = T;

            fn deref(&self) -> &T {
                &self.0
            }
        }

        impl<T> DerefMut for $name<T> {
            fn deref_mut(&mut self) -> &mut T {
                &mut self.0
            }
        }

        impl<T> $name<T> {
            /// What was answered.
            pub fn into_inner(self) -> T {
                self.0
            }
        }
    )*};
}

json_with_status!(Created CREATED, Accepted ACCEPTED);

impl Reply for NoContent {
    fn reply(self) -> Response {
        Response::new(StatusCode::NO_CONTENT)
    }
}

impl FromReply for NoContent {
    fn from_reply(_answer: Answered) -> Result<Self, Undecodable> {
        Ok(Self)
    }
}

macro_rules! text {
    ($($name:ident $field:ident),*) => {$(
        impl Reply for $name {
            fn reply(self) -> Response {
                Response::of_ready(StatusCode::OK, &ready::$field, self.0)
            }
        }

        impl FromReply for $name {
            fn from_reply(answer: Answered) -> Result<Self, Undecodable> {
                let text = String::from_utf8(answer.body.into());
                text.map(Self).map_err(|_| Undecodable("the answer is not UTF-8".into()))
            }
        }

        impl<T: Into<String>> From<T> for $name {
            fn from(text: T) -> Self {
                Self(text.into())
            }
        }

        impl Deref for $name {
            type Target = str;

            fn deref(&self) -> &str {
                &self.0
            }
        }
    )*};
}

text!(Text TEXT, Html HTML);

impl Redirect {
    /// 303: read the answer there, by GET.
    #[must_use]
    pub fn see_other(location: impl Into<String>) -> Self {
        Self { status: StatusCode::SEE_OTHER, location: location.into() }
    }

    /// 307: the same request, there, this time.
    #[must_use]
    pub fn temporary(location: impl Into<String>) -> Self {
        Self { status: StatusCode::TEMPORARY_REDIRECT, location: location.into() }
    }

    /// 308: the same request, there, from now on.
    #[must_use]
    pub fn permanent(location: impl Into<String>) -> Self {
        Self { status: StatusCode::PERMANENT_REDIRECT, location: location.into() }
    }

    /// Where to.
    #[must_use]
    pub fn location(&self) -> &str {
        &self.location
    }
}

impl Reply for Redirect {
    fn reply(self) -> Response {
        located(Response::new(self.status), &self.location)
    }
}

/// A client of a route that redirects gets the redirection; no call follows one.
impl FromReply for Redirect {
    fn accepts(status: StatusCode) -> bool {
        status.is_redirection()
    }

    fn from_reply(answer: Answered) -> Result<Self, Undecodable> {
        let location = answer.fields.get_str(header::LOCATION);
        let location =
            location.ok_or_else(|| Undecodable("the answer has no `Location`".into()))?;
        Ok(Self { status: answer.status, location: location.to_owned() })
    }
}

impl<T: Reply> Reply for WithHeaders<T> {
    fn reply(self) -> Response {
        let mut response = self.value.reply();
        // Its own word on a field wins over the answer's.
        let map = self.fields.to_map();
        for name in map.keys() {
            response.fields.remove(name);
        }
        for (name, value) in &map {
            response.fields.append(name.clone(), value.clone());
        }
        response
    }
}

impl<T: FromReply> FromReply for WithHeaders<T> {
    const STREAMS: bool = T::STREAMS;

    fn accepts(status: StatusCode) -> bool {
        T::accepts(status)
    }

    fn from_reply(answer: Answered) -> Result<Self, Undecodable> {
        let fields = answer.fields.clone();
        Ok(Self { value: T::from_reply(answer)?, fields })
    }

    fn from_stream(response: Response) -> Result<Self, Undecodable> {
        let fields = response.fields.clone();
        Ok(Self { value: T::from_stream(response)?, fields })
    }
}

impl<T> WithHeaders<T> {
    /// An answer without fields of its own as yet.
    pub const fn new(value: T) -> Self {
        Self { value, fields: Fields::new() }
    }

    /// With a field more.
    #[must_use]
    pub fn with(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.fields.append(name, value);
        self
    }
}

impl<T> Deref for WithHeaders<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

/// Adds a `Location`: whatever could end the field line, or is no ASCII, is percent-encoded.
pub fn located(mut response: Response, location: &str) -> Response {
    let encoded = percent_encoding::utf8_percent_encode(location, percent_encoding::CONTROLS);
    if let Ok(value) = HeaderValue::from_str(&encoded.to_string()) {
        response.fields.insert(header::LOCATION, value);
    }
    response
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;

    use super::*;

    #[test]
    fn a_location_cannot_split_the_response() {
        let response = Redirect::see_other("/a\r\nset-cookie: b").reply();
        assert_eq!(response.fields.get_str("location"), Some("/a%0D%0Aset-cookie: b"));
    }

    #[test]
    fn created_is_read_as_it_was_written() {
        let response = Created(7).reply();
        assert_eq!(response.status, StatusCode::CREATED);
        let body = Bytes::copy_from_slice(response.body.whole().unwrap());
        let answer = Answered { status: response.status, fields: Fields::new(), body };
        assert_eq!(Created::<i32>::from_reply(answer).unwrap(), Created(7));
    }
}
