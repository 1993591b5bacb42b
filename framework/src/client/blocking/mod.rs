//! One wire by hand for threads that wait: on `std::net`, without a runtime.
//!
//! Here: [`Connection`], [`Answer`], [`BodyWriter`] and [`Upgraded`], each as its namesake one floor up, with the same
//! [`Connector`], the same deadlines and the same faults; what waits there blocks here. It is the same exchange over a
//! socket that is asked until it is ready.
//! Read in this order: `socket`, `line`, this file, `answer`, `writer`.
//!
//! ```no_run
//! use counterpart::client::blocking::Connection;
//! use counterpart::{Request, http::Method};
//!
//! # fn main() -> Result<(), counterpart::Fault> {
//! let mut connection = Connection::connect("localhost:8080")?;
//! let mut answer = connection.send(Request::new(Method::GET, "/"))?;
//! println!("{} {}", answer.status(), answer.reason());
//! println!("{}", answer.text()?);
//! # Ok(())
//! # }
//! ```

mod answer;
mod line;
mod socket;
mod writer;

use std::fmt;
#[cfg(unix)]
use std::os::unix::net::UnixStream;
use std::task::{Context, Poll};
use std::time::Duration;

use super::by_hand::{ByHand, Reading, Writing};
use super::connector::Connector;
use super::dial::Whom;
use super::origin::{Origin, Scheme};
#[cfg(feature = "client")]
use super::proxy::Way;
use crate::drive::exchange::{asleep, length_of};
use crate::message::Request;
use crate::proto::h1::Length;
use crate::service::{Fault, FaultKind};
use line::Line;
use socket::{Clock, Socket, Stream};

pub use answer::{Answer, Upgraded};
pub use writer::BodyWriter;

type Blocked = ByHand<Line, Clock>;

/// One connection to a server, by hand, for a thread that waits: see
/// [`client::Connection`](crate::client::Connection), whose every rule holds here.
///
/// Content that is fed from another thread is looked for 50 times a second; bytes that are there, and content that is
/// [written by hand](Self::start), need no looking.
pub struct Connection(Blocked);

impl Connection {
    /// Connects to a host, with the defaults of [`Connector`]: see [`Origin`] for how one is written.
    ///
    /// # Errors
    /// [`FaultKind::InvalidUrl`] if it is none, and [`FaultKind::Connect`] or a timeout if nobody answers.
    pub fn connect(origin: &str) -> Result<Self, Fault> {
        Self::connect_by(&Connector::new(), &origin.parse()?)
    }

    /// Connects to a host as a connector says.
    ///
    /// # Errors
    /// As [`connect`](Self::connect).
    pub fn connect_by(connector: &Connector, origin: &Origin) -> Result<Self, Fault> {
        #[cfg(feature = "client")]
        if !matches!(connector.way_to(origin)?, Way::Direct) {
            let why = format!("{origin}: no connection that blocks goes through a proxy");
            return Err(Fault::new(FaultKind::InvalidUrl, why));
        }
        let stream = match connector.socket_of(origin) {
            None => Stream::Tcp(connector.dial.connect_blocking(
                origin,
                Whom::Server,
                &connector.terms,
            )?),
            #[cfg(unix)]
            Some(path) => {
                Stream::Unix(UnixStream::connect(path).map_err(|error| {
                    Fault::new(FaultKind::Connect, format!("{origin}: {error}"))
                })?)
            }
            #[cfg(not(unix))]
            Some(_) => {
                return Err(Fault::new(FaultKind::Connect, "this system has no Unix sockets here"));
            }
        };
        let socket = Socket::new(stream).map_err(|error| Fault::new(FaultKind::Connect, error))?;
        let line = match origin.scheme() {
            Scheme::Http => Line::Plain(socket),
            Scheme::Https => secure(connector, socket, origin)?,
        };
        Ok(Self(ByHand::new(line, connector, Some(origin))))
    }

    /// Sends a request, and reads the head of its answer.
    ///
    /// # Errors
    /// When there is no answer: see [`FaultKind`]. [`FaultKind::NotConnected`] and [`FaultKind::InvalidRequest`] tell
    /// that nothing was sent.
    pub fn send(&mut self, request: impl Into<Request>) -> Result<Answer<'_>, Fault> {
        let Request { mut head, body, extensions, .. } = request.into();
        wait(&mut self.0, |it| it, Blocked::poll_ready)?;
        let called = self.0.begin(&mut head, length_of(&body), &extensions)?;
        if let Err(fault) = self.0.exchange()?.send(body) {
            return Err(self.0.failed(&called, fault));
        }
        let head = wait(&mut self.0, |it| it, |it, cx| it.poll_head(cx, &called))?;
        Ok(Answer::new(Reading::new(&mut self.0, called, head)))
    }

    /// Begins a request whose content is written by hand, of this length if it is known, else in chunks. A body of
    /// the request's own is not sent.
    ///
    /// # Errors
    /// If the request cannot be sent as it is, or the connection is closed.
    pub fn start(
        &mut self,
        request: impl Into<Request>,
        length: Length,
    ) -> Result<BodyWriter<'_>, Fault> {
        let Request { mut head, extensions, .. } = request.into();
        wait(&mut self.0, |it| it, Blocked::poll_ready)?;
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

/// Speaks TLS, once both sides agree.
#[cfg(feature = "tls")]
fn secure(connector: &Connector, socket: Socket, origin: &Origin) -> Result<Line, Fault> {
    use crate::drive::patience::Alarm;
    use crate::service::Phase;

    let mut tls = connector.tls.begin(socket, origin.host())?;
    let (mut clock, until) = (Clock::default(), Clock::after(connector.terms.timeouts.tls));
    loop {
        if let Poll::Ready(agreed) = tls.poll_handshake(&mut asleep()) {
            return agreed.map(|()| Line::Tls(Box::new(tls)));
        }
        if until.is_some_and(|until| clock.poll(&mut asleep(), until).is_ready()) {
            return Err(FaultKind::Timeout(Phase::Tls).into());
        }
        tls.get_mut().wait(clock.take());
    }
}

#[cfg(not(feature = "tls"))]
fn secure(_: &Connector, _: Socket, origin: &Origin) -> Result<Line, Fault> {
    Err(super::origin::needs_tls(origin))
}

/// Asks until it is ready, and waits for the socket in between.
fn wait<S, T>(
    subject: &mut S,
    connection: impl Fn(&mut S) -> &mut Blocked,
    mut poll: impl FnMut(&mut S, &mut Context<'_>) -> Poll<T>,
) -> T {
    loop {
        if let Poll::Ready(done) = poll(subject, &mut asleep()) {
            return done;
        }
        park(connection(subject));
    }
}

/// Waits for as long as there is nothing to do: until something comes, or nothing has come for too long.
fn park(blocked: &mut Blocked) {
    let Ok(exchange) = blocked.exchange() else { return };
    let left = exchange.alarm_mut().take();
    // A write has waited already.
    if exchange.is_flushed() {
        let look = exchange.awaits_content().then_some(LOOK);
        let limit = left.into_iter().chain(look).min();
        exchange.wire_mut().socket().wait(limit);
    }
}

/// How often is looked for content that comes from elsewhere.
const LOOK: Duration = Duration::from_millis(20);
