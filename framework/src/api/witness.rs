//! Witnesses: what a route asks of its argument types, asked once.
//!
//! A type that does not travel, or that nobody provides, is reported by one assertion, in the words of its
//! trait. Everything else that is generated for the argument goes through a witness, which exists for every
//! type: `Probe` says which of the two it is, and the one that says no is never run.

use std::marker::PhantomData;
use std::ops::Deref;

use bytes::Bytes;

use crate::api::draft::{Draft, PathWriter};
use crate::api::endpoint::Need;
use crate::api::provide::{Provide, RequestContext, provide_optional};
use crate::api::serve::Incoming;
use crate::body::Body;
use crate::message::Response;
use crate::problem::Problem;
use crate::typed::Travel;
use crate::typed::content::{BYTES, JSON, STREAM};
use crate::typed::reply::OCTETS;

/// How a `T` travels, if it does.
#[derive(Debug)]
pub struct Wire<T, const TRAVELS: bool>(PhantomData<fn() -> T>);

#[expect(missing_docs, reason = "each forwards to its namesake")]
impl<T: Travel> Wire<T, true> {
    pub fn path(incoming: &mut Incoming<'_>, name: &'static str) -> Option<T> {
        incoming.path(name)
    }

    pub fn query(incoming: &mut Incoming<'_>, key: &'static str) -> Option<T> {
        incoming.query(key)
    }

    pub fn header(incoming: &mut Incoming<'_>, name: &'static str) -> Option<T> {
        incoming.header(name)
    }

    pub fn put_param<'t>(path: PathWriter<'t>, name: &'static str, value: &T) -> PathWriter<'t> {
        path.param(name, value)
    }

    pub fn put_path(draft: &mut Draft, name: &'static str, value: &T) {
        draft.path(name, value);
    }

    pub fn put_query(draft: &mut Draft, key: &'static str, value: &T) {
        draft.query(key, value);
    }

    pub fn put_header(draft: &mut Draft, name: &'static str, value: &T) {
        draft.header(name, value);
    }

    #[must_use]
    pub fn put_member(problem: Problem, name: &str, value: &T) -> Problem {
        problem.member(name, value)
    }

    #[must_use]
    pub fn take_member(problem: &Problem, name: &str) -> Option<T> {
        problem.take_member(name)
    }
}

#[expect(missing_docs, reason = "each forwards to its namesake")]
impl<T> Wire<T, false> {
    pub fn path(_: &mut Incoming<'_>, _: &'static str) -> Option<T> {
        unreachable!()
    }

    pub fn query(_: &mut Incoming<'_>, _: &'static str) -> Option<T> {
        unreachable!()
    }

    pub fn header(_: &mut Incoming<'_>, _: &'static str) -> Option<T> {
        unreachable!()
    }

    pub fn put_param<'t>(_: PathWriter<'t>, _: &'static str, _: &T) -> PathWriter<'t> {
        unreachable!()
    }

    pub fn put_path(_: &mut Draft, _: &'static str, _: &T) {}

    pub fn put_query(_: &mut Draft, _: &'static str, _: &T) {}

    pub fn put_header(_: &mut Draft, _: &'static str, _: &T) {}

    #[must_use]
    pub fn put_member(_: Problem, _: &str, _: &T) -> Problem {
        unreachable!()
    }

    #[must_use]
    pub fn take_member(_: &Problem, _: &str) -> Option<T> {
        unreachable!()
    }
}

/// How a `T` is the content of a request: of which kind, and whether it travels if it is a value.
#[derive(Debug)]
pub struct Content<T, const KIND: u8, const TRAVELS: bool>(PhantomData<fn() -> T>);

#[expect(missing_docs, reason = "each forwards to its namesake")]
impl<T: Travel> Content<T, JSON, true> {
    #[must_use]
    pub fn refuse(incoming: &Incoming<'_>) -> Option<Response> {
        incoming.refuse_media_type()
    }

    pub fn read(incoming: &mut Incoming<'_>) -> impl Future<Output = Option<T>> + Send {
        incoming.json()
    }

    #[expect(clippy::needless_pass_by_value, reason = "as a stream must be")]
    pub fn put(draft: &mut Draft, value: T) {
        draft.json(&value);
    }
}

#[expect(missing_docs, reason = "each forwards to its namesake")]
impl<T> Content<T, JSON, false> {
    #[must_use]
    pub fn refuse(_: &Incoming<'_>) -> Option<Response> {
        unreachable!()
    }

    pub fn read(_: &mut Incoming<'_>) -> std::future::Pending<Option<T>> {
        unreachable!()
    }

    pub fn put(_: &mut Draft, _: T) {}
}

#[expect(missing_docs, reason = "each forwards to its namesake")]
impl<const TRAVELS: bool> Content<Bytes, BYTES, TRAVELS> {
    #[must_use]
    pub const fn refuse(_: &Incoming<'_>) -> Option<Response> {
        None
    }

    pub fn read(incoming: &mut Incoming<'_>) -> impl Future<Output = Option<Bytes>> + Send {
        incoming.bytes()
    }

    pub fn put(draft: &mut Draft, value: Bytes) {
        draft.content(OCTETS, value);
    }
}

#[expect(missing_docs, reason = "each forwards to its namesake")]
impl<const TRAVELS: bool> Content<Body, STREAM, TRAVELS> {
    #[must_use]
    pub const fn refuse(_: &Incoming<'_>) -> Option<Response> {
        None
    }

    pub fn read(incoming: &mut Incoming<'_>) -> std::future::Ready<Option<Body>> {
        std::future::ready(Some(incoming.body()))
    }

    pub fn put(draft: &mut Draft, value: Body) {
        draft.content(OCTETS, value);
    }
}

/// How a `T` is provided, if it is.
#[derive(Debug)]
pub struct Lend<T, const PROVIDED: bool>(PhantomData<fn() -> T>);

#[expect(missing_docs, reason = "each forwards to its namesake")]
impl<T: Provide> Lend<T, true> {
    pub const NEEDS: &'static [Need] = T::NEEDS;

    pub fn provide<'a>(
        request: &RequestContext<'a>,
    ) -> impl Future<Output = Result<T::Lent<'a>, Response>> + Send {
        T::provide(request)
    }

    pub fn provide_optional<'a>(
        request: &RequestContext<'a>,
    ) -> impl Future<Output = Option<T::Lent<'a>>> + Send {
        provide_optional::<T>(request)
    }
}

#[expect(missing_docs, reason = "each forwards to its namesake")]
impl<T> Lend<T, false> {
    pub const NEEDS: &'static [Need] = &[];

    pub fn provide(_: &RequestContext<'_>) -> std::future::Pending<Result<Nobody<T>, Response>> {
        unreachable!()
    }

    pub fn provide_optional(_: &RequestContext<'_>) -> std::future::Pending<Option<Nobody<T>>> {
        unreachable!()
    }
}

/// What stands in for what nobody provides; there is none.
#[derive(Debug)]
pub struct Nobody<T>(std::convert::Infallible, PhantomData<fn() -> T>);

impl<T> Deref for Nobody<T> {
    type Target = T;

    fn deref(&self) -> &T {
        match self.0 {}
    }
}
