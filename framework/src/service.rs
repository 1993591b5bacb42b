//! Services: everything that turns a request into a response.
//!
//! An app, a route behind its layers, one connection, a pooled client, the browser: one trait, so that each
//! can stand in the place of another. Here also: [`Fault`], which is what a service gives when there is no
//! response, and the guard that turns a panic into a value.

mod fault;
mod tls;
pub mod tower;

use std::any::Any;
use std::cell::Cell;
use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use crate::message::{Request, Response};

pub use fault::{Fault, FaultKind, Phase};
pub use tls::TlsProblem;

/// A boxed future that may cross threads.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Turns a request into a response.
///
/// A plain asynchronous call: no readiness to ask for, and `&self`, so that calls run side by side. Dropping
/// the future gives the call up.
///
/// ```
/// use counterpart::{Fault, Request, Response, Service, http::StatusCode};
///
/// struct Teapot;
///
/// impl Service for Teapot {
///     async fn call(&self, _request: Request) -> Result<Response, Fault> {
///         Ok(Response::new(StatusCode::IM_A_TEAPOT).with_body("short and stout"))
///     }
/// }
/// ```
pub trait Service: Send + Sync + 'static {
    /// Whether it refuses by itself what the head of a request shows: content that is too large, and expectations
    /// that nobody can meet. An app does, as each of its routes has a limit of its own; for all others the server does
    /// it.
    const JUDGES_HEADS: bool = false;

    /// Answers one request.
    ///
    /// # Errors
    /// A [`Fault`] when there is no response: the peer could not be reached, broke the protocol, or was too
    /// slow. An error that has an answer is a response.
    fn call(&self, request: Request) -> impl Future<Output = Result<Response, Fault>> + Send;
}

impl<S: Service> Service for Arc<S> {
    const JUDGES_HEADS: bool = S::JUDGES_HEADS;

    fn call(&self, request: Request) -> impl Future<Output = Result<Response, Fault>> + Send {
        S::call(self, request)
    }
}

/// A function as a service: the plainest server by hand, as `BaseHTTPRequestHandler` is in Python.
///
/// A method that it does not know it answers as it likes; RFC 9110 §9.1 has 501 for that:
///
/// ```
/// use counterpart::service::from_fn;
/// use counterpart::{Problem, Request, Response, Service, http::{Method, StatusCode}};
///
/// # #[counterpart::main]
/// # async fn main() {
/// let service = from_fn(async |request: Request| {
///     Ok(match request.head.method {
///         Method::GET | Method::HEAD => Response::new(StatusCode::OK).with_body("hello"),
///         _ => Problem::new(StatusCode::NOT_IMPLEMENTED).into_response(),
///     })
/// });
/// let answer = service.call(Request::new(Method::DELETE, "/")).await.unwrap();
/// assert_eq!(answer.status, StatusCode::NOT_IMPLEMENTED);
/// # }
/// ```
pub const fn from_fn<F, U>(function: F) -> FromFn<F>
where
    F: Fn(Request) -> U + Send + Sync + 'static,
    U: Future<Output = Result<Response, Fault>> + Send,
{
    FromFn(function)
}

/// A function that is a service, made by [`from_fn`].
#[derive(Clone, Copy)]
pub struct FromFn<F>(F);

impl<F, U> Service for FromFn<F>
where
    F: Fn(Request) -> U + Send + Sync + 'static,
    U: Future<Output = Result<Response, Fault>> + Send,
{
    fn call(&self, request: Request) -> impl Future<Output = Result<Response, Fault>> + Send {
        (self.0)(request)
    }
}

impl<F> fmt::Debug for FromFn<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("FromFn")
    }
}

/// Any service, its type forgotten: one more allocation for each call.
#[derive(Clone)]
pub struct AnyService(Arc<dyn Erased>);

pub(crate) trait Erased: Send + Sync {
    fn call(&self, request: Request) -> BoxFuture<'_, Result<Response, Fault>>;

    /// The same for a caller that does not stay.
    fn call_shared(&self, request: Request) -> BoxFuture<'static, Result<Response, Fault>>;
}

/// What knows nothing of callers that do not stay.
struct Plain<S>(Arc<S>);

impl<S: Service> Erased for Plain<S> {
    fn call(&self, request: Request) -> BoxFuture<'_, Result<Response, Fault>> {
        Box::pin(self.0.call(request))
    }

    fn call_shared(&self, request: Request) -> BoxFuture<'static, Result<Response, Fault>> {
        let service = self.0.clone();
        Box::pin(async move { service.call(request).await })
    }
}

impl AnyService {
    /// Forgets the type of a service.
    pub fn new(service: impl Service) -> Self {
        Self(Arc::new(Plain(Arc::new(service))))
    }

    /// The same of one that knows of callers that do not stay.
    #[cfg(feature = "client")]
    pub(crate) fn of(service: impl Erased + 'static) -> Self {
        Self(Arc::new(service))
    }

    /// Answers one request, for a caller that does not stay: a call that can be given away.
    pub(crate) fn call_shared(
        &self,
        request: Request,
    ) -> BoxFuture<'static, Result<Response, Fault>> {
        self.0.call_shared(request)
    }
}

impl Service for AnyService {
    fn call(&self, request: Request) -> impl Future<Output = Result<Response, Fault>> + Send {
        self.0.call(request)
    }
}

impl fmt::Debug for AnyService {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AnyService")
    }
}

/// How long a call may take in all, as an extension of its request; each transport enforces it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Deadline(pub Duration);

/// Runs a future to its end though the peer whose request it answers has left.
///
/// A server gives a call up as soon as its peer is gone: dropped is dropped, and nobody works for nobody. What must not
/// be left half done is wrapped in this, from within the call and to any depth of layers: then the whole call is polled
/// on until it has its answer, which is thrown away. It still counts as a connection, so a server that stops waits for
/// it, until the deadline of the shutdown. A request's body that had not come yet fails as
/// [`Disconnected`](crate::body::BodyErrorKind::Disconnected).
///
/// ```
/// use counterpart::service::detached;
/// use counterpart::{Fault, Request, Response, http::StatusCode};
///
/// async fn transfer(request: Request) -> Result<Response, Fault> {
///     let order = request.body.collect(1024).await?;
///     detached(async move {
///         debit(&order).await;
///         credit(&order).await;
///     })
///     .await;
///     Ok(Response::new(StatusCode::NO_CONTENT))
/// }
/// # async fn debit(_: &[u8]) {}
/// # async fn credit(_: &[u8]) {}
/// ```
pub async fn detached<F: Future>(future: F) -> F::Output {
    let mut future = std::pin::pin!(future);
    std::future::poll_fn(|cx| {
        DETACHED.set(true);
        future.as_mut().poll(cx)
    })
    .await
}

/// Whether a detached future was polled on this thread since the last time this was asked. A driver asks it around one
/// poll of a call whose peer is gone; so it costs a call nothing as long as the peer is there.
#[cfg(feature = "server")]
pub(crate) fn take_detached() -> bool {
    DETACHED.replace(false)
}

thread_local! {
    static DETACHED: Cell<bool> = const { Cell::new(false) };
}

/// A panic that was caught, with its message.
#[derive(Debug)]
pub struct Panic(pub String);

/// Runs a function; a panic in it becomes a value.
///
/// The one panic guard of the house. Whatever the function shared stays as the panic left it, as with a thread
/// that panics: a poisoned lock says so itself.
///
/// # Errors
/// [`Panic`] with the message.
pub fn catch<T>(function: impl FnOnce() -> T) -> Result<T, Panic> {
    catch_unwind(AssertUnwindSafe(function)).map_err(|payload| Panic(message(payload.as_ref())))
}

/// Runs a future; a panic in it becomes a value, and the future is not polled again.
///
/// # Errors
/// [`Panic`] with the message.
pub async fn guard<T>(future: impl Future<Output = T>) -> Result<T, Panic> {
    let mut future = std::pin::pin!(future);
    std::future::poll_fn(move |cx| match catch(|| future.as_mut().poll(cx)) {
        Ok(polled) => polled.map(Ok),
        Err(panic) => std::task::Poll::Ready(Err(panic)),
    })
    .await
}

fn message(payload: &(dyn Any + Send)) -> String {
    let text = payload.downcast_ref::<&str>().map(|text| (*text).to_owned());
    text.or_else(|| payload.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "a panic without a message".into())
}

#[cfg(test)]
mod tests {
    use std::task::{Context, Poll, Waker};

    use super::*;

    #[test]
    fn a_panic_becomes_a_value() {
        let mut cx = Context::from_waker(Waker::noop());
        let mut guarded = std::pin::pin!(guard(async { panic!("with {}", "words") }));
        let Poll::Ready(Err::<(), _>(Panic(text))) = guarded.as_mut().poll(&mut cx) else {
            panic!("the panic was lost")
        };
        assert_eq!(text, "with words");
    }
}
