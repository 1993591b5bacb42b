//! Upgrades: answers after which a connection speaks another protocol (RFC 9110 §7.8, §9.3.6).
//!
//! The answer carries what is to be done with the connection, as an extension: layers that change it pass it on, and
//! whoever puts it on a wire hands the wire over once the head is written.

use std::fmt;
use std::sync::{Arc, Mutex};

use http::{HeaderValue, StatusCode, header};

use crate::message::Response;
use crate::service::BoxFuture;
use crate::wire::Upgraded;

impl Response {
    /// 101: goes over to the protocol that the client asked for in its `Upgrade` field, and runs `then` on the
    /// connection.
    ///
    /// A client that did not ask (no `Upgrade`, one for other protocols, a request of HTTP/1.0, one with content, HEAD)
    /// is answered with 426 and the name of the protocol. `then` runs in the connection's own task: it counts as a connection of the server, no
    /// deadline of HTTP holds for it any more, and when the server stops it may go on until the shutdown's deadline.
    ///
    /// ```
    /// use counterpart::prelude::*;
    /// use tokio::io::{AsyncBufReadExt, AsyncWriteExt};
    ///
    /// /// Says each line again.
    /// #[get("/echo")]
    /// async fn echo() -> Response {
    ///     Response::upgrade(HeaderValue::from_static("echo"), |mut wire| async move {
    ///         let mut line = String::new();
    ///         while wire.read_line(&mut line).await.is_ok_and(|read| read > 0) {
    ///             if wire.write_all(line.as_bytes()).await.is_err() {
    ///                 return;
    ///             }
    ///             line.clear();
    ///         }
    ///     })
    /// }
    /// # fn main() {}
    /// ```
    #[must_use]
    pub fn upgrade<F, U>(protocol: HeaderValue, then: F) -> Self
    where
        F: FnOnce(Upgraded) -> U + Send + 'static,
        U: Future<Output = ()> + Send + 'static,
    {
        Self::new(StatusCode::SWITCHING_PROTOCOLS)
            .with_field(header::UPGRADE, protocol)
            .with_field(header::CONNECTION, HeaderValue::from_static("upgrade"))
            .with_then(then)
    }

    /// 200 to CONNECT: the connection is a tunnel from here on, and `then` is its other end.
    ///
    /// This is what a proxy answers; a server that is none leaves CONNECT alone, and 501 is answered. A 2xx to CONNECT
    /// without a tunnel is never sent.
    #[must_use]
    pub fn tunnel<F, U>(then: F) -> Self
    where
        F: FnOnce(Upgraded) -> U + Send + 'static,
        U: Future<Output = ()> + Send + 'static,
    {
        Self::new(StatusCode::OK).with_then(then)
    }

    fn with_then<F, U>(mut self, then: F) -> Self
    where
        F: FnOnce(Upgraded) -> U + Send + 'static,
        U: Future<Output = ()> + Send + 'static,
    {
        let then: Then = Box::new(|wire| Box::pin(then(wire)));
        self.extensions.insert(Switch(Arc::new(Mutex::new(Some(then)))));
        self
    }
}

/// What is done with a connection after HTTP.
pub(crate) type Then = Box<dyn FnOnce(Upgraded) -> BoxFuture<'static, ()> + Send>;

/// The same as an extension, which must be one that can be cloned; only one of the clones has it then.
#[derive(Clone)]
pub(crate) struct Switch(
    #[cfg_attr(not(feature = "server"), expect(dead_code, reason = "a server takes it"))]
    Arc<Mutex<Option<Then>>>,
);

impl Switch {
    /// Takes it off an answer that has one.
    #[cfg(feature = "server")]
    pub(crate) fn take(response: &mut Response) -> Option<Then> {
        if response.extensions.is_empty() {
            return None;
        }
        let switch = response.extensions.remove::<Self>()?;
        switch.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner).take()
    }
}

impl fmt::Debug for Switch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Switch")
    }
}
