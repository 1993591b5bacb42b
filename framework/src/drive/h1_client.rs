//! The client's end of one HTTP/1.1 connection.
//!
//! A call sends its request and listens at the same time, so that an early answer is heard. The answer's body
//! is handed over whole if it came with the head; else it reads the wire itself, as it is asked for, and
//! gives the connection back at its end.

use std::fmt;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker, ready};

use bytes::Bytes;
use http_body::{Body as HttpBody, Frame, SizeHint};

use super::link::Link;
use super::timeouts::{Patience, Timeouts};
use crate::body::{Body, BodyError, BodyErrorKind};
use crate::message::Response;
use crate::proto::h1::{Client, Conn, ErrorKind, Event, Length, Limits, ProtocolError, State};
use crate::service::{Fault, FaultKind, Phase};
use crate::text::{Fields, RequestHead, ResponseHead};
use crate::wire::Wire;

/// A connection on which nothing is under way.
pub struct Connection<W> {
    link: Link<Client, W>,
    patience: Patience,
    reused: bool,
}

/// Takes a connection back that can serve another call.
pub trait Home<W>: Send + Unpin + 'static {
    /// Takes it back.
    fn take(&mut self, connection: Connection<W>);
}

impl<W: Wire> Connection<W> {
    /// A connection over a wire that nobody has used yet.
    #[must_use]
    pub fn new(wire: W, limits: Arc<Limits>) -> Self {
        Self {
            link: Link::new(Conn::new(limits), wire),
            patience: Patience::default(),
            reused: false,
        }
    }

    /// Whether it has served a call before.
    #[must_use]
    pub const fn is_reused(&self) -> bool {
        self.reused
    }

    /// Whether the peer has not ended it, nor said anything unasked.
    #[must_use]
    pub fn is_alive(&mut self) -> bool {
        let mut cx = Context::from_waker(Waker::noop());
        let silent = self.link.poll_fill(&mut cx).is_pending();
        self.link.rest();
        silent
    }

    /// Sends a request and reads the answer's head, with this much time for each phase but connecting. Dropped
    /// before its end, it closes the connection.
    ///
    /// # Errors
    /// When there is no answer: see [`FaultKind`].
    ///
    /// # Panics
    /// Outside of a runtime with a timer, when there is something to wait for.
    pub async fn call(
        self,
        head: &RequestHead,
        body: Body,
        timeouts: Timeouts,
        home: impl Home<W>,
    ) -> Result<Response, Fault> {
        let Self { link, patience, reused } = self;
        let mut exchange =
            Exchange { link, patience, timeouts, taken: 0, sending: None, unsent: None, reused };
        exchange.begin(head, body)?;
        let head = std::future::poll_fn(|cx| exchange.poll_head(cx)).await?;
        exchange.into_response(head, home)
    }
}

/// A call under way.
struct Exchange<W> {
    link: Link<Client, W>,
    patience: Patience,
    timeouts: Timeouts,
    /// How much the peer had taken of what it is taking now.
    taken: usize,
    /// What of the request's body is still to be sent.
    sending: Option<Body>,
    /// Why the request could not be sent to its end; an answer may have come all the same.
    unsent: Option<Fault>,
    reused: bool,
}

impl<W: Wire> Exchange<W> {
    fn begin(&mut self, head: &RequestHead, mut body: Body) -> Result<(), Fault> {
        let length = match body.length() {
            Some(0) => Length::Absent,
            Some(length) => Length::Known(length),
            None => Length::Unknown,
        };
        self.link.open_output();
        let invalid = |error: ProtocolError| Fault::new(FaultKind::InvalidRequest, error);
        self.link.conn.send_head(head, length, &mut self.link.out).map_err(invalid)?;
        match body.take_whole() {
            Some(bytes) => {
                if !bytes.is_empty() {
                    self.link.send_data(bytes).map_err(invalid)?;
                }
                self.link.conn.send_end(None, &mut self.link.out).map_err(invalid)?;
            }
            None => self.sending = Some(body),
        }
        Ok(())
    }

    fn poll_head(&mut self, cx: &mut Context<'_>) -> Poll<Result<ResponseHead, Fault>> {
        loop {
            self.poll_send(cx);
            match self.link.conn.next_event().map_err(|error| self.fault(error))? {
                Event::Head(head) => return Poll::Ready(Ok(head)),
                Event::Interim(_) => continue,
                Event::NeedData => {}
                _ => return Poll::Ready(Err(FaultKind::Malformed.into())),
            }
            match self.link.poll_fill(cx) {
                Poll::Ready(Ok(_)) => {}
                Poll::Ready(Err(error)) => return Poll::Ready(Err(self.broken(error))),
                Poll::Pending => {
                    let phase = ready!(self.poll_patience(cx, Phase::Head));
                    return Poll::Ready(Err(FaultKind::Timeout(phase).into()));
                }
            }
        }
    }

    /// Ready with what has been waited for too long: that the peer takes our bytes, else, if it has had them
    /// all, that it gives us what `reading` says.
    fn poll_patience(&mut self, cx: &mut Context<'_>, reading: Phase) -> Poll<Phase> {
        let phase = match (&self.unsent, self.link.is_flushed(), &self.sending) {
            (None, false, _) => Phase::Send,
            (None, true, Some(_)) => return Poll::Pending,
            _ => reading,
        };
        ready!(self.patience.poll(cx, phase, &self.timeouts));
        Poll::Ready(phase)
    }

    /// Sends as far as the wire takes it. What goes wrong is kept: the answer may tell more.
    fn poll_send(&mut self, cx: &mut Context<'_>) {
        if self.unsent.is_some() {
            return;
        }
        if let Err(fault) = self.try_send(cx) {
            self.stop_sending(fault);
        }
    }

    fn stop_sending(&mut self, fault: Fault) {
        self.sending = None;
        self.link.conn.close_after();
        self.unsent = Some(fault);
    }

    fn try_send(&mut self, cx: &mut Context<'_>) -> Result<(), Fault> {
        let broken = |error| Fault::new(FaultKind::Io, error);
        loop {
            if self.link.is_heavy()
                && let Poll::Pending = self.poll_flush(cx).map_err(broken)?
            {
                return Ok(());
            }
            let Some(body) = &mut self.sending else { break };
            let Poll::Ready(frame) = Pin::new(body).poll_frame(cx) else { break };
            self.link.open_output();
            self.send_frame(frame)?;
        }
        match self.poll_flush(cx) {
            Poll::Ready(Err(error)) => Err(broken(error)),
            _ => Ok(()),
        }
    }

    /// Writes what waits, and notes whether the peer takes it.
    fn poll_flush(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        if self.link.is_flushed() {
            return Poll::Ready(Ok(()));
        }
        let flushed = self.link.poll_flush(cx);
        if flushed.is_ready() || self.taken != self.link.sent() {
            self.taken = self.link.sent();
            self.patience.renew();
        }
        flushed
    }

    fn send_frame(&mut self, frame: Option<Result<Frame<Bytes>, BodyError>>) -> Result<(), Fault> {
        let content = |error: ProtocolError| Fault::new(FaultKind::Content, error);
        let frame = frame.transpose().map_err(|error| Fault::new(FaultKind::Content, error))?;
        let trailers = match frame.map(Frame::into_data) {
            Some(Ok(data)) => return self.link.send_data(data).map_err(content),
            Some(Err(frame)) => frame.into_trailers().ok().map(Fields::from),
            None => None,
        };
        self.sending = None;
        self.link.conn.send_end(trailers.as_ref(), &mut self.link.out).map_err(content)
    }

    /// Makes the answer of its head: with all of its body if that is here, and the connection given back.
    fn into_response(
        mut self,
        head: ResponseHead,
        mut home: impl Home<W>,
    ) -> Result<Response, Fault> {
        let length = self.link.conn.body_left();
        let mut first = Bytes::new();
        loop {
            match self.link.conn.next_event().map_err(|error| self.fault(error))? {
                Event::End(None) => {
                    self.go_home(&mut home);
                    return Ok(Response::of(head, Body::from(first)));
                }
                Event::Data(data) if first.is_empty() => first = data,
                event => {
                    let incoming = Incoming::new(self, home, length, first, event);
                    return Ok(Response::of(head, Body::wrap(incoming)));
                }
            }
        }
    }

    /// Gives the connection back, if nothing is under way on it any more.
    fn go_home(mut self, home: &mut impl Home<W>) {
        let mut cx = Context::from_waker(Waker::noop());
        let flushed = matches!(self.link.poll_flush(&mut cx), Poll::Ready(Ok(())));
        let conn = &self.link.conn;
        if flushed && conn.is_idle() && !conn.has_input() && !conn.has_ended() {
            self.link.rest();
            self.patience.renew();
            home.take(Connection { link: self.link, patience: self.patience, reused: true });
        }
    }

    fn fault(&mut self, error: ProtocolError) -> Fault {
        if error.kind() == ErrorKind::Disconnected {
            let reused = self.reused;
            return self
                .unsent
                .take()
                .filter(|fault| fault.kind() == FaultKind::Content)
                .unwrap_or_else(|| Fault::new(FaultKind::Disconnected { reused }, error));
        }
        let kind = match error.kind() {
            ErrorKind::Incomplete => FaultKind::Incomplete,
            ErrorKind::HeadTooLarge { .. } | ErrorKind::TooManyFields { .. } => FaultKind::TooLarge,
            _ => FaultKind::Malformed,
        };
        Fault::new(kind, error)
    }

    /// A wire that breaks before anything was answered is one that the peer has closed.
    fn broken(&mut self, error: io::Error) -> Fault {
        if let Some(fault) = self.unsent.take_if(|fault| fault.kind() == FaultKind::Content) {
            return fault;
        }
        let gone = matches!(
            error.kind(),
            io::ErrorKind::ConnectionReset
                | io::ErrorKind::ConnectionAborted
                | io::ErrorKind::BrokenPipe
        );
        match gone && self.link.conn.theirs() == State::Owed && !self.link.conn.has_input() {
            true => Fault::new(FaultKind::Disconnected { reused: self.reused }, error),
            false => Fault::new(FaultKind::Io, error),
        }
    }
}

/// The body of an answer, read off the wire as it is asked for.
struct Incoming<W, H> {
    /// Gone at the end, one way or the other.
    exchange: Option<Exchange<W>>,
    home: H,
    first: Bytes,
    /// An event that was met while looking whether the body is whole.
    met: Option<Event<ResponseHead>>,
    received: u64,
    length: Option<u64>,
}

impl<W: Wire, H: Home<W>> Incoming<W, H> {
    fn new(
        exchange: Exchange<W>,
        home: H,
        length: Option<u64>,
        first: Bytes,
        event: Event<ResponseHead>,
    ) -> Self {
        let met = match event {
            Event::NeedData => None,
            event => Some(event),
        };
        Self { exchange: Some(exchange), home, first, met, received: 0, length }
    }

    fn poll_event(&mut self, cx: &mut Context<'_>) -> Poll<Result<Event<ResponseHead>, BodyError>> {
        let (received, expected) = (self.received, self.length);
        let Some(exchange) = &mut self.exchange else { return Poll::Ready(Ok(Event::Closed)) };
        loop {
            // An answer may go on while the request does.
            exchange.poll_send(cx);
            match exchange.link.conn.next_event() {
                Ok(Event::NeedData) => {}
                Ok(event) => return Poll::Ready(Ok(event)),
                Err(error) => {
                    let kind = match error.kind() {
                        ErrorKind::Incomplete => BodyErrorKind::Incomplete { received, expected },
                        ErrorKind::BodyTooLarge => BodyErrorKind::TooLarge { limit: u64::MAX },
                        _ => BodyErrorKind::Malformed,
                    };
                    return Poll::Ready(Err(BodyError::new(kind, error)));
                }
            }
            match exchange.link.poll_fill(cx) {
                Poll::Ready(Ok(_)) => exchange.patience.renew(),
                Poll::Ready(Err(error)) => {
                    return Poll::Ready(Err(BodyError::new(BodyErrorKind::Disconnected, error)));
                }
                Poll::Pending => match ready!(exchange.poll_patience(cx, Phase::Body)) {
                    // The answer goes on without the rest of the request.
                    Phase::Send => exchange.stop_sending(FaultKind::Timeout(Phase::Send).into()),
                    _ => return Poll::Ready(Err(BodyErrorKind::Stalled.into())),
                },
            }
        }
    }

    fn end(&mut self) {
        if let Some(exchange) = self.exchange.take() {
            exchange.go_home(&mut self.home);
        }
    }
}

impl<W: Wire, H: Home<W>> HttpBody for Incoming<W, H> {
    type Data = Bytes;
    type Error = BodyError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BodyError>>> {
        let event = if !self.first.is_empty() {
            Event::Data(std::mem::take(&mut self.first))
        } else if let Some(met) = self.met.take() {
            met
        } else {
            match ready!(self.poll_event(cx)) {
                Ok(event) => event,
                Err(error) => {
                    self.exchange = None;
                    return Poll::Ready(Some(Err(error)));
                }
            }
        };
        Poll::Ready(match event {
            Event::Data(data) => {
                self.received += data.len() as u64;
                Some(Ok(Frame::data(data)))
            }
            Event::End(trailers) => {
                self.end();
                trailers.map(|trailers| Ok(Frame::trailers(trailers.to_map())))
            }
            _ => {
                self.exchange = None;
                None
            }
        })
    }

    fn is_end_stream(&self) -> bool {
        self.exchange.is_none() && self.first.is_empty() && self.met.is_none()
    }

    fn size_hint(&self) -> SizeHint {
        let left = self.length.map(|length| length.saturating_sub(self.received));
        left.map_or_else(SizeHint::new, SizeHint::with_exact)
    }
}

impl<W> fmt::Debug for Connection<W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Connection").field("reused", &self.reused).finish_non_exhaustive()
    }
}
