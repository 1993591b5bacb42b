//! Kinds: which answer a type is.
//!
//! `Result`, `()`, `Bytes` and `&'static str` cannot stand beside the blanket implementation of `Reply`. The macro
//! finds them by constants of [`Probe`], evaluated for the concrete type, which see through aliases too; the
//! constant then selects the implementation.

use std::convert::Infallible;
use std::marker::PhantomData;

use bytes::Bytes;
use http::StatusCode;

use super::reply::{Answered, FromReply, Reply, Undecodable, from_json, json};
use crate::message::Response;
use crate::text::ready;

/// Asks a concrete type what it is: an inherent constant beats the one of [`ProbeDefault`].
#[derive(Debug)]
pub struct Probe<T>(PhantomData<T>);

/// What every other type is.
pub trait ProbeDefault {
    /// Not a `Result`.
    const IS_RESULT: bool = false;
    /// A [`Reply`].
    const KIND: u8 = REPLY;
    /// Not a [`Travel`](super::Travel).
    const TRAVELS: bool = false;
    /// Nothing that a server provides.
    const PROVIDED: bool = false;
    /// As content of a request, [JSON](super::content::JSON).
    const CONTENT: u8 = super::content::JSON;
}

impl<T> ProbeDefault for Probe<T> {}

impl<T, E> Probe<Result<T, E>> {
    /// A `Result`.
    pub const IS_RESULT: bool = true;
}

impl Probe<()> {
    /// Nothing: 204.
    pub const KIND: u8 = UNIT;
}

impl Probe<Bytes> {
    /// Bytes as they are.
    pub const KIND: u8 = BYTES;
}

impl Probe<&'static str> {
    /// A text, as JSON.
    pub const KIND: u8 = STR;
}

/// A [`Reply`].
pub const REPLY: u8 = 0;
/// `()`.
pub const UNIT: u8 = 1;
/// [`Bytes`].
pub const BYTES: u8 = 2;
/// `&'static str`.
pub const STR: u8 = 3;

/// Parts what a handler returns into its answer and its error.
pub trait Split<const IS_RESULT: bool> {
    /// The answer.
    type Ok;
    /// The error; [`Infallible`] if there is none.
    type Err;
    /// Parts them.
    ///
    /// # Errors
    /// The handler's own.
    fn split(self) -> Result<Self::Ok, Self::Err>;
}

impl<T, E> Split<true> for Result<T, E> {
    type Ok = T;
    type Err = E;

    fn split(self) -> Self {
        self
    }
}

impl<T> Split<false> for T {
    type Ok = T;
    type Err = Infallible;

    fn split(self) -> Result<T, Infallible> {
        Ok(self)
    }
}

/// An answer of one kind: the server's half.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no answer",
    label = "a handler answers with a type that is `Serialize` or a `Reply`",
    note = "for a type of your own derive `Serialize` (and `Deserialize`, for the client), or implement `Reply`",
    note = "a status of its own comes by `Created<T>`, `Accepted<T>`, `NoContent`, a variant of the route's error, or a whole `Response`"
)]
pub trait Answer<const KIND: u8> {
    /// The response.
    fn answer(self) -> Response;
}

#[diagnostic::do_not_recommend]
impl<T: Reply> Answer<REPLY> for T {
    fn answer(self) -> Response {
        self.reply()
    }
}

#[diagnostic::do_not_recommend]
impl Answer<UNIT> for () {
    fn answer(self) -> Response {
        Response::new(StatusCode::NO_CONTENT)
    }
}

#[diagnostic::do_not_recommend]
impl Answer<BYTES> for Bytes {
    fn answer(self) -> Response {
        Response::of_ready(StatusCode::OK, &ready::OCTETS, self)
    }
}

#[diagnostic::do_not_recommend]
impl Answer<STR> for &'static str {
    fn answer(self) -> Response {
        json(StatusCode::OK, self)
    }
}

/// An answer of one kind: the client's half.
#[diagnostic::on_unimplemented(
    message = "the client cannot read `{Self}` out of an answer",
    label = "awaiting this call needs `Deserialize` or `FromReply`",
    note = "for a type of your own derive `Deserialize`, or implement `FromReply`"
)]
pub trait FromAnswer<const KIND: u8> {
    /// What the call gives.
    type Value;
    /// Whether it takes an answer whose content is still to come.
    const STREAMS: bool = false;
    /// Whether an answer of this status is one.
    #[must_use]
    fn accepts(status: StatusCode) -> bool {
        status.is_success()
    }
    /// Reads it.
    ///
    /// # Errors
    /// If the answer is no such value.
    fn from_answer(response: Response) -> Result<Self::Value, Undecodable>;
}

#[diagnostic::do_not_recommend]
impl<T: FromReply> FromAnswer<REPLY> for T {
    type Value = T;
    const STREAMS: bool = T::STREAMS;

    fn accepts(status: StatusCode) -> bool {
        T::accepts(status)
    }

    fn from_answer(response: Response) -> Result<T, Undecodable> {
        T::from_stream(response)
    }
}

#[diagnostic::do_not_recommend]
impl FromAnswer<UNIT> for () {
    type Value = ();

    fn from_answer(_response: Response) -> Result<(), Undecodable> {
        Ok(())
    }
}

#[diagnostic::do_not_recommend]
impl FromAnswer<BYTES> for Bytes {
    type Value = Self;

    fn from_answer(response: Response) -> Result<Self, Undecodable> {
        Ok(Answered::of(response).body)
    }
}

#[diagnostic::do_not_recommend]
impl FromAnswer<STR> for &'static str {
    type Value = String;

    fn from_answer(response: Response) -> Result<String, Undecodable> {
        from_json(&Answered::of(response))
    }
}
