//! The machine: feeds on bytes, gives events, and keeps the two parties in order.

use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

use bytes::{Bytes, BytesMut};
use http::{StatusCode, Version};

use super::body::{Allowance, Piece, Reader, Writer};
use super::buffer::Buffer;
use super::error::{ErrorKind, ProtocolError};
use super::event::Event;
use super::framing::{self, Asked, Framing, Subject};
use super::known::{Expectation, Facts};
use super::limits::Limits;
use super::role::{Role, Side};
use super::state::{Party, State, Step, settle, step};

/// One HTTP/1.1 connection, seen from the end that `R` names.
///
/// Read into [`input`](Self::input), then call [`next_event`](Self::next_event) until it needs data.
/// What we have to say is written by `send_head`, `send_data` and `send_end` to a buffer of the
/// caller's.
///
/// ```
/// use counterpart::http::StatusCode;
/// use counterpart::proto::h1::{Conn, Event, Length, Server};
/// use counterpart::text::ResponseHead;
///
/// # fn main() -> Result<(), counterpart::proto::h1::ProtocolError> {
/// let mut conn = Conn::<Server>::default();
/// conn.input().extend_from_slice(b"GET /hello HTTP/1.1\r\nHost: a\r\n\r\n");
/// let Event::Head(request) = conn.next_event()? else { panic!("the head is whole") };
/// assert_eq!(request.target, "/hello");
/// assert!(matches!(conn.next_event()?, Event::End(None)));
///
/// let mut out = Vec::new();
/// conn.send_head(&ResponseHead::new(StatusCode::OK), Length::Known(2), None, &mut out)?;
/// conn.send_data(b"hi", &mut out)?;
/// conn.send_end(None, &mut out)?;
/// assert_eq!(out, b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nhi");
/// # Ok(())
/// # }
/// ```
pub struct Conn<R: Role> {
    pub(super) input: Buffer,
    pub(super) limits: Arc<Limits>,
    pub(super) requester: State,
    pub(super) responder: State,
    pub(super) reader: Reader,
    pub(super) writer: Writer,
    pub(super) allowance: Allowance,
    pub(super) asked: Asked,
    pub(super) expectation: Expectation,
    pub(super) failure: Option<ProtocolError>,
    /// The requester's version is one that knows chunks and keeps connections.
    pub(super) modern: bool,
    /// The requester would like another protocol, and sends no body that would stand in its way.
    pub(super) upgrade: bool,
    /// Nobody has asked to close after this cycle.
    pub(super) keep: bool,
    ended: bool,
    interim: u8,
    role: PhantomData<fn() -> R>,
}

impl<R: Role> Conn<R> {
    /// A new connection under these limits.
    #[must_use]
    pub fn new(limits: Arc<Limits>) -> Self {
        Self {
            input: Buffer::default(),
            allowance: Allowance(limits.body),
            limits,
            requester: State::Idle,
            responder: State::Idle,
            reader: Reader::Empty,
            writer: Writer::Empty,
            asked: Asked::Other,
            expectation: Expectation::None,
            failure: None,
            modern: true,
            upgrade: false,
            keep: true,
            ended: false,
            interim: 0,
            role: PhantomData,
        }
    }

    /// Where bytes that were read are to be appended. Nothing else may be done to it.
    pub const fn input(&mut self) -> &mut BytesMut {
        self.input.input()
    }

    /// Notes that the other end will send no more.
    pub const fn end_input(&mut self) {
        self.ended = true;
    }

    /// What the bytes say next.
    ///
    /// # Errors
    /// If they break a rule. Then nothing more is understood, and each later call says the same.
    pub fn next_event(&mut self) -> Result<Event<R::Theirs>, ProtocolError> {
        let result = match self.theirs() {
            State::Body => self.read_body(),
            State::Idle if R::SIDE == Side::Client => self.read_nothing(),
            State::Idle | State::Owed => self.read_head(),
            State::Done | State::Switched => return Ok(Event::Paused),
            State::MustClose | State::Closed => return Ok(Event::Closed),
            State::Failed => {
                return Err(self.failure.unwrap_or(ProtocolError::ours(ErrorKind::OutOfOrder)));
            }
        };
        if let Err(error) = result {
            self.fail(R::SIDE.theirs(), error);
        }
        result
    }

    /// Passes the end of a message whose head said that it has no body; false if it has one, or there is no
    /// message. The same as the event, for those who would only look whether it comes.
    pub fn skip_empty_body(&mut self) -> bool {
        let is_empty = self.theirs() == State::Body && matches!(self.reader, Reader::Empty);
        is_empty && self.advance(R::SIDE.theirs(), Step::End).is_ok()
    }

    /// Bounds the body that is being read, in the place of [`Limits::body`].
    pub const fn limit_body(&mut self, most: u64) {
        self.allowance = Allowance(most);
    }

    /// The limits under which it reads.
    #[must_use]
    pub fn limits(&self) -> &Limits {
        &self.limits
    }

    /// Closes after this cycle: our next head will say so.
    pub const fn close_after(&mut self) {
        self.keep = false;
    }

    /// What remained unread when the connection switched to another protocol.
    pub fn take_rest(&mut self) -> Bytes {
        self.input.take(self.input.len())
    }

    /// How many bytes of their body are still to come, if the head told; zero if none.
    #[must_use]
    pub const fn body_left(&self) -> Option<u64> {
        match self.theirs() {
            State::Body => self.reader.left(),
            _ => Some(0),
        }
    }

    /// What the requester waits for before it sends its body. As soon as some of it has come, nothing.
    #[must_use]
    pub fn expectation(&self) -> Expectation {
        if self.requester == State::Body { self.expectation } else { Expectation::None }
    }

    /// Whether the other party is inside a body that nobody has to understand any more: it breaks no rule, it is only
    /// not wanted, or more than is taken.
    #[must_use]
    pub fn has_more_to_say(&self) -> bool {
        match self.theirs() {
            State::Body => self.expectation() == Expectation::None,
            State::Failed => {
                self.failure.is_some_and(|error| error.kind() == ErrorKind::BodyTooLarge)
            }
            _ => false,
        }
    }

    /// Whether a new cycle can begin: nobody is inside a message, and the connection is kept.
    #[must_use]
    pub fn is_idle(&self) -> bool {
        self.requester == State::Idle && self.responder == State::Idle
    }

    /// Whether the connection is kept after this cycle, as far as is known now.
    #[must_use]
    pub const fn keeps(&self) -> bool {
        self.keep
    }

    /// Whether bytes lie in the input that no event has told of.
    #[must_use]
    pub fn has_input(&self) -> bool {
        !self.input.is_empty()
    }

    /// Whether the other end has sent all it will.
    #[must_use]
    pub const fn has_ended(&self) -> bool {
        self.ended
    }

    /// Where the other party is.
    #[must_use]
    pub const fn theirs(&self) -> State {
        match R::SIDE {
            Side::Server => self.requester,
            Side::Client => self.responder,
        }
    }

    /// Where we are.
    #[must_use]
    pub const fn ours(&self) -> State {
        match R::SIDE {
            Side::Server => self.responder,
            Side::Client => self.requester,
        }
    }

    /// Takes a step of the table, and the joint ones that follow from it.
    pub(super) fn advance(&mut self, party: Party, taken: Step) -> Result<(), ProtocolError> {
        let state = match party {
            Party::Requester => &mut self.requester,
            Party::Responder => &mut self.responder,
        };
        *state = step(party, *state, taken).ok_or(ProtocolError::ours(ErrorKind::OutOfOrder))?;
        if taken == Step::End
            && let Some(both) = settle(self.requester, self.responder, self.keep)
        {
            (self.requester, self.responder) = both;
            self.forget_request();
        }
        Ok(())
    }

    /// What was remembered of a request must not decide how an answer to another one is written.
    const fn forget_request(&mut self) {
        self.asked = Asked::Other;
        self.expectation = Expectation::None;
        self.modern = true;
        self.upgrade = false;
    }

    /// Both parties leave HTTP/1.1.
    pub(super) fn switch(&mut self) -> Result<(), ProtocolError> {
        self.advance(Party::Requester, Step::Switch)?;
        self.advance(Party::Responder, Step::Switch)
    }

    fn fail(&mut self, party: Party, error: ProtocolError) {
        self.keep = false;
        self.failure = Some(error);
        let _ = self.advance(party, Step::Fail);
    }

    #[inline(always)]
    fn read_head(&mut self) -> Result<Event<R::Theirs>, ProtocolError> {
        let mut facts = Facts::new(Version::HTTP_11);
        match R::read(&mut self.input, &self.limits, &mut facts)? {
            Some(head) => {
                self.input.skipped = false;
                self.accept(head, &facts)
            }
            None if !self.ended => Ok(Event::NeedData),
            None if R::SIDE == Side::Client && self.input.is_empty() && self.interim == 0 => {
                Err(ProtocolError::theirs(ErrorKind::Disconnected))
            }
            None if R::SIDE == Side::Client || !self.input.is_empty() => {
                Err(ProtocolError::theirs(ErrorKind::Incomplete))
            }
            None => self.close(),
        }
    }

    fn accept(
        &mut self,
        head: R::Theirs,
        facts: &Facts,
    ) -> Result<Event<R::Theirs>, ProtocolError> {
        match R::response_status(&head) {
            None => {
                self.accept_request(facts, R::asked(&head))?;
                Ok(Event::Head(head))
            }
            Some(status) => self.accept_response(facts, status).map(|interim| match interim {
                true => Event::Interim(head),
                false => Event::Head(head),
            }),
        }
    }

    fn accept_request(&mut self, facts: &Facts, asked: Asked) -> Result<(), ProtocolError> {
        let decision = framing::decide(R::SIDE, Subject::Request, facts)?;
        self.modern = facts.version == Version::HTTP_11;
        self.asked = asked;
        let bodiless = decision.framing == Framing::Empty;
        let switches = asked == Asked::Connect || (facts.wants_upgrade() && self.modern);
        self.upgrade = switches && bodiless;
        self.expectation = match facts.expectation {
            Expectation::Continue if bodiless => Expectation::None,
            expectation if self.modern => expectation,
            _ => Expectation::None,
        };
        self.keep = facts.keeps() && decision.reusable;
        self.begin_reading(decision.framing);
        self.advance(Party::Requester, Step::Head)?;
        self.advance(Party::Responder, Step::Asked)
    }

    /// Tells whether it was an interim response.
    fn accept_response(
        &mut self,
        facts: &Facts,
        status: StatusCode,
    ) -> Result<bool, ProtocolError> {
        let switches = status == StatusCode::SWITCHING_PROTOCOLS;
        if switches && !self.upgrade {
            return Err(ProtocolError::theirs(ErrorKind::UnaskedSwitch));
        }
        if switches || (self.asked == Asked::Connect && status.is_success()) {
            return self.switch().map(|()| false);
        }
        if status.is_informational() {
            if self.interim >= self.limits.interim {
                return Err(ProtocolError::theirs(ErrorKind::TooManyInterim));
            }
            self.interim += 1;
            self.expectation = Expectation::None;
            return self.advance(Party::Responder, Step::Interim).map(|()| true);
        }
        let decision =
            framing::decide(R::SIDE, Subject::Response { status, to: &self.asked }, facts)?;
        self.keep &= facts.keeps() && decision.reusable;
        self.begin_reading(decision.framing);
        self.advance(Party::Responder, Step::Head)?;
        Ok(false)
    }

    fn begin_reading(&mut self, framing: Framing) {
        self.interim = 0;
        self.reader = Reader::new(framing);
        self.allowance = Allowance(self.limits.body);
    }

    fn read_body(&mut self) -> Result<Event<R::Theirs>, ProtocolError> {
        if !self.input.is_empty() && R::SIDE == Side::Server {
            self.expectation = Expectation::None;
        }
        match self.reader.next(
            R::SIDE,
            &mut self.input,
            self.ended,
            &self.limits,
            &mut self.allowance,
        )? {
            Piece::NeedData => Ok(Event::NeedData),
            Piece::Data(data) => Ok(Event::Data(data)),
            Piece::End(trailers) => {
                self.advance(R::SIDE.theirs(), Step::End)?;
                Ok(Event::End(trailers))
            }
        }
    }

    /// Between the cycles of a client, no byte may come.
    fn read_nothing(&mut self) -> Result<Event<R::Theirs>, ProtocolError> {
        match (self.input.is_empty(), self.ended) {
            (false, _) => Err(ProtocolError::theirs(ErrorKind::Surplus)),
            (true, true) => self.close(),
            (true, false) => Ok(Event::NeedData),
        }
    }

    fn close(&mut self) -> Result<Event<R::Theirs>, ProtocolError> {
        self.keep = false;
        self.advance(R::SIDE.theirs(), Step::Close)?;
        Ok(Event::Closed)
    }
}

impl<R: Role> Default for Conn<R> {
    fn default() -> Self {
        Self::new(Arc::new(R::limits()))
    }
}

impl<R: Role> fmt::Debug for Conn<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Conn")
            .field("side", &R::SIDE)
            .field("requester", &self.requester)
            .field("responder", &self.responder)
            .field("keep", &self.keep)
            .field("unread", &self.input.len())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
