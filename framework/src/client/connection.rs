//! One wire by hand, with a runtime.

use std::fmt;
use std::future::poll_fn;

use super::answer::Answer;
use super::by_hand::{ByHand, Reading, Writing};
use super::connector::Connector;
use super::origin::Origin;
use super::writer::BodyWriter;
use crate::drive::exchange::length_of;
use crate::drive::patience::Timer;
use crate::message::Request;
use crate::proto::h1::Length;
use crate::service::Fault;
#[cfg(doc)]
use crate::service::FaultKind;
use crate::wire::Wire;

type Wired = ByHand<Box<dyn Wire>, Timer>;

/// One connection to a server, by hand: request after request, each answer read before the next is asked for.
///
/// It is what [`Client`](super::Client) keeps in its pool, for programs that want the wire itself: to see what travels
/// ([`Connector::trace`]), to write content as it comes ([`start`](Self::start)), to switch to another protocol
/// ([`Answer::upgrade`]). Nothing is retried, no redirect is followed, and no coding is undone.
///
/// The compiler keeps the order: an answer borrows the connection, so the next request waits until that is done with,
/// and so does a request that is being written.
///
/// An answer that is dropped unread is read away by the next request if no more than 64 KiB of it are left; else the
/// connection is closed, and the request fails with [`FaultKind::NotConnected`], before anything of it was sent. A
/// call that is dropped, or fails once it was sent, closes the connection too.
///
/// ```no_run
/// use counterpart::client::Connection;
/// use counterpart::{Request, http::Method};
///
/// # async fn talk() -> Result<(), counterpart::Fault> {
/// let mut connection = Connection::connect("localhost:8080").await?;
/// let mut answer = connection.send(Request::new(Method::GET, "/")).await?;
/// println!("{} {}", answer.status(), answer.reason());
/// println!("{}", answer.text().await?);
/// let answer = connection.send(Request::new(Method::GET, "/again")).await?;
/// # Ok(())
/// # }
/// ```
pub struct Connection(Wired);

impl Connector {
    /// Connects to a host or to a Unix socket: see [`Origin`] for how one is written.
    ///
    /// # Errors
    /// [`FaultKind::InvalidUrl`] if it is none, and [`FaultKind::Connect`] or a timeout if nobody answers.
    pub async fn connect(&self, origin: &str) -> Result<Connection, Fault> {
        self.connect_to(&origin.parse()?).await
    }

    /// Connects to an origin that was read already.
    ///
    /// # Errors
    /// As [`connect`](Self::connect).
    pub async fn connect_to(&self, origin: &Origin) -> Result<Connection, Fault> {
        let wire = self.wire_to(origin).await?;
        Ok(Connection(ByHand::new(Box::new(wire), self, Some(origin))))
    }

    /// A connection over any wire, such as a pipe in memory. Its requests are for `localhost`, unless they say
    /// otherwise.
    pub fn over(&self, wire: impl Wire) -> Connection {
        Connection(ByHand::new(Box::new(wire), self, None))
    }
}

impl Connection {
    /// Connects to a host, with the defaults of [`Connector`].
    ///
    /// # Errors
    /// As [`Connector::connect`].
    pub async fn connect(origin: &str) -> Result<Self, Fault> {
        Connector::new().connect(origin).await
    }

    /// Sends a request, whose content is there or comes from elsewhere, and reads the head of its answer.
    ///
    /// `Host` and `Accept-Encoding: identity` are added unless the request has them; how the content is framed is
    /// settled here and not by fields. Of its extensions a [`Deadline`](crate::service::Deadline) and an
    /// [`OnInterim`](super::OnInterim) are heeded.
    ///
    /// # Errors
    /// When there is no answer: see [`FaultKind`]. [`FaultKind::NotConnected`] and [`FaultKind::InvalidRequest`] tell
    /// that nothing was sent.
    pub async fn send(&mut self, request: impl Into<Request>) -> Result<Answer<'_>, Fault> {
        let Request { mut head, body, extensions, .. } = request.into();
        poll_fn(|cx| self.0.poll_ready(cx)).await?;
        let called = self.0.begin(&mut head, length_of(&body), &extensions)?;
        if let Err(fault) = self.0.exchange()?.send(body) {
            return Err(self.0.failed(&called, fault));
        }
        let head = poll_fn(|cx| self.0.poll_head(cx, &called)).await?;
        Ok(Answer::new(Reading::new(&mut self.0, called, head)))
    }

    /// Begins a request whose content is written by hand, of this length if it is known, else in chunks. A body of
    /// the request's own is not sent.
    ///
    /// # Errors
    /// If the request cannot be sent as it is, or the connection is closed.
    pub async fn start(
        &mut self,
        request: impl Into<Request>,
        length: Length,
    ) -> Result<BodyWriter<'_>, Fault> {
        let Request { mut head, extensions, .. } = request.into();
        poll_fn(|cx| self.0.poll_ready(cx)).await?;
        let called = self.0.begin(&mut head, length, &extensions)?;
        Ok(BodyWriter::new(Writing::new(&mut self.0, called)))
    }

    /// Whether it is open, as far as is known: the peer may have closed it since.
    #[must_use]
    pub const fn is_open(&self) -> bool {
        self.0.is_open()
    }

    /// Closes it. To close it twice is to close it once; to drop it does the same.
    pub fn close(&mut self) {
        self.0.close();
    }
}

impl fmt::Debug for Connection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
