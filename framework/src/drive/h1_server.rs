//! The server's end of one HTTP/1.1 connection.
//!
//! One task does it all: reads a head, calls the service, feeds the request's body as the handler asks for
//! it, writes the answer, and begins again. Nothing is spawned and nothing goes through a channel. Requests
//! that came together are answered together: what was read is served before what was answered is written.

use std::fmt;
use std::io;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use http::Method;

use super::clock::{Clock, Moment, NEVER};
use super::config::Config;
use super::crowd::{Crowd, Member};
use super::link::Link;
use super::refuse;
use super::timer::Timer;
use crate::body::{Body, BodyError, BodyErrorKind, Inlet, Want};
use crate::message::{Request, Response};
use crate::problem::{Problem, chain};
use crate::proto::h1::{Conn, ErrorKind, Event, Expectation, Limits, ProtocolError, Server, State};
use crate::service::{Fault, Panic, Service, catch};
use crate::text::{Fields, RequestHead};
use crate::wire::Wire;

/// What all connections of a server share.
#[derive(Debug)]
pub struct House {
    pub(super) config: Config,
    pub(super) limits: Arc<Limits>,
    pub(super) clock: Arc<Clock>,
    /// The connections.
    pub crowd: Arc<Crowd>,
}

impl House {
    /// A house under these bounds, with a clock on the runtime of the caller.
    ///
    /// # Panics
    /// Outside of a runtime.
    #[must_use]
    pub fn new(config: Config) -> Arc<Self> {
        let limits = Arc::new(config.limits.clone());
        Arc::new(Self { config, limits, clock: Clock::start(), crowd: Arc::default() })
    }

    /// The bounds.
    #[must_use]
    pub const fn config(&self) -> &Config {
        &self.config
    }
}

/// Serves one connection to its end. To be run as a task of its own; it counts as a connection from now on.
pub fn serve<S: Service, W: Wire>(
    service: Arc<S>,
    wire: W,
    house: Arc<House>,
) -> impl Future<Output = ()> + Send {
    let mut driver = Driver::new(wire, house);
    async move {
        if let Err(end) = driver.run(&*service).await {
            tracing::debug!(target: "counterpart", "connection ended: {end}");
        }
    }
}

/// Why a connection ends before its peer ends it.
#[derive(Debug)]
pub(super) enum End {
    /// The peer broke a rule or was too slow, and is to be told.
    Refused(Box<Response>),
    /// The peer is gone, does not listen, or cannot be told any more.
    Gone(&'static str),
    Broken(io::Error),
}

pub(super) struct Driver<W> {
    pub(super) link: Link<Server, W>,
    pub(super) house: Arc<House>,
    member: Member,
    timer: Timer,
    waits: Waits,
    /// When reading has taken too long.
    read_by: Moment,
    /// When writing has taken too long, and how much had been written when that was decided.
    write_by: Moment,
    written: usize,
    /// Requests answered since the last write.
    batch: u8,
    /// The request's body, while a handler may want more of it.
    pub(super) feed: Option<Inlet>,
    /// What of the answer's body is still to come.
    pub(super) answer: Option<Body>,
    /// Bytes of an unwanted body that may still be read.
    drain: u64,
    pub(super) asked_head: bool,
}

/// What is being read, for its deadline.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Waits {
    FirstByte,
    Head,
    Idle,
    Body,
    Drain,
    Nothing,
}

impl<W: Wire> Driver<W> {
    fn new(wire: W, house: Arc<House>) -> Self {
        let member = house.crowd.enter();
        Self {
            link: Link::new(Conn::new(house.limits.clone()), wire),
            timer: Timer::new(&house.clock),
            member,
            waits: Waits::FirstByte,
            read_by: house.clock.after(house.config.first_byte),
            write_by: NEVER,
            written: 0,
            batch: 0,
            feed: None,
            answer: None,
            drain: 0,
            asked_head: false,
            house,
        }
    }

    async fn run<S: Service>(&mut self, service: &S) -> Result<(), End> {
        let end = self.cycles(service).await;
        if let Err(End::Refused(response)) = end {
            self.refuse(*response)?;
        } else {
            end?;
        }
        std::future::poll_fn(|cx| self.poll_close(cx)).await
    }

    /// Requests and answers, until the connection is not to be kept.
    async fn cycles<S: Service>(&mut self, service: &S) -> Result<(), End> {
        while let Some(head) = std::future::poll_fn(|cx| self.poll_head(cx)).await? {
            let request = self.request(head)?;
            let response = match catch(|| service.call(request)) {
                Ok(call) => {
                    let mut call = pin!(call);
                    std::future::poll_fn(|cx| self.poll_call(cx, call.as_mut())).await?
                }
                Err(panic) => of_panic(&panic),
            };
            self.begin_answer(response)?;
            if self.answer.is_some() {
                std::future::poll_fn(|cx| self.poll_answer(cx)).await?;
            }
            if self.link.conn.theirs() == State::Body && self.link.conn.keeps() {
                self.drain = self.house.config.drain;
                std::future::poll_fn(|cx| self.poll_rest(cx)).await?;
            }
            self.feed = None;
            if !self.link.conn.is_idle() {
                break;
            }
        }
        Ok(())
    }

    // ---- the head ------------------------------------------------------------------------------------

    fn poll_head(&mut self, cx: &mut Context<'_>) -> Poll<Result<Option<RequestHead>, End>> {
        self.member.attend(cx);
        loop {
            if self.may_decode() {
                match self.link.conn.next_event() {
                    Ok(Event::Head(head)) => {
                        self.batch += 1;
                        self.wait_for(Waits::Nothing, NEVER);
                        return Poll::Ready(Ok(Some(head)));
                    }
                    Ok(Event::NeedData) => {}
                    Ok(_) => return Poll::Ready(Ok(None)),
                    Err(error) => return Poll::Ready(Err(End::refused(error))),
                }
            }
            if !self.link.is_flushed() {
                match self.poll_flush(cx)? {
                    Poll::Ready(()) => continue,
                    Poll::Pending => return self.poll_deadline(cx).map_ok(|()| None),
                }
            }
            if self.member.is_stopped() && !self.link.conn.has_input() || self.member.is_cut() {
                return Poll::Ready(Ok(None));
            }
            match self.link.poll_fill(cx).map_err(End::Broken)? {
                Poll::Ready(_) => self.came_some_head(),
                Poll::Pending => {
                    self.became_idle();
                    return self.poll_deadline(cx).map_ok(|()| None);
                }
            }
        }
    }

    /// Whether there is something to decode, and room for its answer.
    fn may_decode(&self) -> bool {
        let conn = &self.link.conn;
        (conn.has_input() || conn.has_ended())
            && self.batch < self.house.config.pipeline
            && !self.link.is_heavy()
    }

    fn came_some_head(&mut self) {
        // A head nearly always comes whole; only when it does not is its deadline looked at.
        if self.waits != Waits::Head && self.waits != Waits::Nothing {
            self.wait_for(Waits::Nothing, NEVER);
        }
    }

    fn became_idle(&mut self) {
        let config = &self.house.config;
        if self.link.conn.has_input() {
            if self.waits != Waits::Head {
                self.wait_for(Waits::Head, self.house.clock.after(config.head));
            }
            return;
        }
        if !matches!(self.waits, Waits::Idle | Waits::FirstByte) {
            self.wait_for(Waits::Idle, self.house.clock.after(config.idle));
        }
        self.link.rest();
    }

    /// The request of a head: with its whole body, if that came along, or one that is fed.
    fn request(&mut self, head: RequestHead) -> Result<Request, End> {
        self.asked_head = head.method == Method::HEAD;
        let body = self.body()?;
        let mut request = Request::of(head, body);
        request.peer = self.link.wire.peer();
        Ok(request)
    }

    fn body(&mut self) -> Result<Body, End> {
        let conn = &mut self.link.conn;
        let length = conn.body_left();
        let first = match conn.next_event().map_err(End::refused)? {
            Event::End(None) => return Ok(Body::empty()),
            Event::Data(first) => first,
            Event::End(trailers) => return Ok(ended(Bytes::new(), trailers)),
            _ => Bytes::new(),
        };
        let second = match conn.next_event().map_err(End::refused)? {
            Event::End(None) => return Ok(Body::from(first)),
            Event::End(trailers) => return Ok(ended(first, trailers)),
            Event::Data(second) => second,
            _ => Bytes::new(),
        };
        let (inlet, body) = Body::fed(length);
        inlet.give(first);
        inlet.give(second);
        self.feed = Some(inlet);
        Ok(body)
    }

    // ---- the call ------------------------------------------------------------------------------------

    fn poll_call<F>(
        &mut self,
        cx: &mut Context<'_>,
        mut call: Pin<&mut F>,
    ) -> Poll<Result<Response, End>>
    where
        F: Future<Output = Result<Response, Fault>>,
    {
        loop {
            match catch(|| call.as_mut().poll(cx)) {
                Ok(Poll::Ready(Ok(response))) => return Poll::Ready(Ok(response)),
                Ok(Poll::Ready(Err(fault))) => return Poll::Ready(Ok(of_fault(&fault))),
                Err(panic) => return Poll::Ready(Ok(of_panic(&panic))),
                Ok(Poll::Pending) => {}
            }
            if self.poll_feed(cx)? {
                continue;
            }
            // Answers to requests before this one do not wait for it.
            if self.poll_flush(cx)?.is_ready() {
                self.batch = 0;
            }
            match self.poll_busy_deadline(cx)? {
                true => continue,
                false => return Poll::Pending,
            }
        }
    }

    /// Gives the body what it asks for, as far as the wire has it. Tells whether anything was given.
    pub(super) fn poll_feed(&mut self, cx: &mut Context<'_>) -> Result<bool, End> {
        let Some(inlet) = &self.feed else { return Ok(false) };
        match inlet.poll_want(cx) {
            Poll::Ready(Want::Data) => {}
            Poll::Ready(Want::Nothing) => {
                self.feed = None;
                self.wait_for(Waits::Nothing, NEVER);
                return Ok(false);
            }
            Poll::Pending => {
                self.wait_for(Waits::Nothing, NEVER);
                return Ok(false);
            }
        }
        loop {
            match self.link.conn.next_event() {
                Ok(Event::NeedData) => {}
                Ok(event) => {
                    self.give(event);
                    self.wait_for(Waits::Nothing, NEVER);
                    return Ok(true);
                }
                Err(error) => return self.fail_feed(&error).map(|()| true),
            }
            if self.link.conn.expectation() == Expectation::Continue {
                if self.link.conn.ours() != State::Owed {
                    // The final answer has begun: the peer will not send the body any more.
                    self.feed = None;
                    return Ok(true);
                }
                self.link.open_output();
                self.link.conn.send_continue(&mut self.link.out).map_err(End::refused)?;
            }
            // What the peer may be waiting for before it sends more must be out.
            let _ = self.poll_flush(cx)?;
            match self.link.poll_fill(cx).map_err(End::Broken)? {
                Poll::Ready(_) => {}
                Poll::Pending => {
                    if self.waits != Waits::Body {
                        let stall = self.house.config.body_stall;
                        self.wait_for(Waits::Body, self.house.clock.after(stall));
                    }
                    return Ok(false);
                }
            }
        }
    }

    fn give(&mut self, event: Event<RequestHead>) {
        let Some(inlet) = &self.feed else { return };
        match event {
            Event::Data(data) => inlet.give(data),
            Event::End(trailers) => {
                inlet.end(trailers.map(|trailers| trailers.to_map()));
                self.feed = None;
            }
            _ => self.feed = None,
        }
    }

    /// Tells the handler why its body does not come; a peer that is gone is told nothing.
    fn fail_feed(&mut self, error: &ProtocolError) -> Result<(), End> {
        if error.kind() == ErrorKind::Incomplete {
            return Err(End::Gone("the peer went away within a body"));
        }
        let kind = match error.kind() {
            ErrorKind::BodyTooLarge => {
                BodyErrorKind::TooLarge { limit: self.house.config.limits.body }
            }
            _ => BodyErrorKind::Malformed,
        };
        if let Some(inlet) = self.feed.take() {
            inlet.fail(BodyError::new(kind, *error));
        }
        Ok(())
    }

    // ---- after the answer ----------------------------------------------------------------------------

    /// Reads what is left of the request's body: for whoever still wants it, or to get past it.
    fn poll_rest(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), End>> {
        loop {
            // The peer may wait for the answer before it sends more.
            if self.poll_flush(cx)?.is_pending() && self.poll_busy_deadline(cx)? {
                continue;
            }
            if self.feed.is_some() {
                if self.poll_feed(cx)? || self.feed.is_none() {
                    if self.link.conn.theirs() != State::Body {
                        return Poll::Ready(Ok(()));
                    }
                    continue;
                }
                match self.poll_busy_deadline(cx)? {
                    true => continue,
                    false => return Poll::Pending,
                }
            }
            match self.link.conn.next_event() {
                Ok(Event::Data(data)) if data.len() as u64 <= self.drain => {
                    self.drain -= data.len() as u64;
                }
                Ok(Event::NeedData) => match self.link.poll_fill(cx).map_err(End::Broken)? {
                    Poll::Ready(_) => {}
                    Poll::Pending => {
                        self.begin_drain();
                        ready!(self.poll_deadline(cx))?;
                        return Poll::Ready(self.give_up());
                    }
                },
                Ok(Event::End(_)) => return Poll::Ready(Ok(())),
                Ok(_) | Err(_) => return Poll::Ready(self.give_up()),
            }
        }
    }

    fn give_up(&mut self) -> Result<(), End> {
        self.link.conn.close_after();
        Ok(())
    }

    fn begin_drain(&mut self) {
        if self.waits != Waits::Drain {
            self.wait_for(Waits::Drain, self.house.clock.after(self.house.config.drain_time));
        }
    }

    /// Writes what is left, ends our half, and lets a peer that is still sending read its answer: closing
    /// on unread bytes would reset the connection under it.
    fn poll_close(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), End>> {
        if self.poll_flush(cx)?.is_pending() {
            return match self.poll_busy_deadline(cx)? {
                true => Poll::Ready(Err(End::Gone("the peer does not read its answer"))),
                false => Poll::Pending,
            };
        }
        ready!(self.link.wire.poll_shutdown(cx)).map_err(End::Broken)?;
        let over = matches!(self.link.conn.theirs(), State::MustClose | State::Closed);
        if (over || self.link.conn.is_idle()) && !self.link.conn.has_input() {
            return Poll::Ready(Ok(()));
        }
        if self.waits != Waits::Drain {
            self.drain = self.house.config.drain;
            self.begin_drain();
        }
        loop {
            self.link.conn.input().clear();
            match self.link.poll_fill(cx).map_err(End::Broken)? {
                Poll::Ready(0) => return Poll::Ready(Ok(())),
                Poll::Ready(n) if n as u64 <= self.drain => self.drain -= n as u64,
                Poll::Ready(_) => return Poll::Ready(Ok(())),
                Poll::Pending if self.member.is_cut() => return Poll::Ready(Ok(())),
                Poll::Pending => {
                    let late = self.timer.poll(cx, &self.house.clock, self.read_by);
                    return late.map(|()| Ok(()));
                }
            }
        }
    }

    /// Answers what will not reach the service, if an answer can still be given.
    fn refuse(&mut self, response: Response) -> Result<(), End> {
        if matches!(self.link.conn.ours(), State::Idle | State::Owed) {
            self.link.conn.close_after();
            self.asked_head = false;
            self.begin_answer(response)?;
        }
        Ok(())
    }

    // ---- writing and waiting -------------------------------------------------------------------------

    /// Writes what waits, and minds that the peer takes it.
    pub(super) fn poll_flush(&mut self, cx: &mut Context<'_>) -> Result<Poll<()>, End> {
        match self.link.poll_flush(cx) {
            Poll::Ready(result) => {
                self.batch = 0;
                self.write_by = NEVER;
                result.map(Poll::Ready).map_err(End::Broken)
            }
            Poll::Pending => {
                let sent = self.link.sent();
                if self.write_by == NEVER || sent >= self.written + PROGRESS {
                    self.written = sent;
                    self.write_by = self.house.clock.after(self.house.config.write_stall);
                }
                Ok(Poll::Pending)
            }
        }
    }

    fn wait_for(&mut self, waits: Waits, until: Moment) {
        self.waits = waits;
        self.read_by = until;
    }

    /// Waits while there is nothing to do but to wait.
    fn poll_deadline(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), End>> {
        if self.member.is_cut() {
            return Poll::Ready(Err(End::Gone("the server stopped")));
        }
        let deadline = self.read_by.min(self.write_by);
        ready!(self.timer.poll(cx, &self.house.clock, deadline));
        Poll::Ready(match self.waits {
            _ if self.write_by <= self.read_by => Err(End::Gone("the peer does not read")),
            Waits::Head => Err(End::Refused(Box::new(refuse::of_slow_head()))),
            _ => Ok(()),
        })
    }

    /// The same while a handler is at work: tells whether something changed for it.
    pub(super) fn poll_busy_deadline(&mut self, cx: &mut Context<'_>) -> Result<bool, End> {
        if self.member.is_cut() {
            return Err(End::Gone("the server stopped"));
        }
        let deadline = self.read_by.min(self.write_by);
        if self.timer.poll(cx, &self.house.clock, deadline).is_pending() {
            return Ok(false);
        }
        if self.write_by <= self.read_by {
            return Err(End::Gone("the peer does not read"));
        }
        self.wait_for(Waits::Nothing, NEVER);
        self.link.conn.close_after();
        if let Some(inlet) = self.feed.take() {
            inlet.fail(BodyErrorKind::Stalled.into());
        }
        Ok(true)
    }

    pub(super) fn is_stopped(&self) -> bool {
        self.member.is_stopped()
    }
}

/// A body that is all there, with trailers.
fn ended(data: Bytes, trailers: Option<Fields>) -> Body {
    let (inlet, body) = Body::fed(Some(data.len() as u64));
    inlet.give(data);
    inlet.end(trailers.map(|trailers| trailers.to_map()));
    body
}

/// The answer of a service that has none.
#[cold]
fn of_fault(fault: &Fault) -> Response {
    tracing::error!(target: "counterpart", "{}", chain(fault));
    Problem::from(fault).into_response()
}

#[cold]
fn of_panic(panic: &Panic) -> Response {
    tracing::error!(target: "counterpart", "the service panicked: {}", panic.0);
    Problem::internal().into_response()
}

impl End {
    #[cold]
    pub(super) fn refused(error: ProtocolError) -> Self {
        match error.kind() {
            ErrorKind::Incomplete => Self::Gone("the peer went away within a message"),
            _ => Self::Refused(Box::new(refuse::of_error(&error))),
        }
    }
}

impl fmt::Display for End {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused(response) => write!(f, "refused with {}", response.status),
            Self::Gone(why) => f.write_str(why),
            Self::Broken(error) => write!(f, "the wire broke: {error}"),
        }
    }
}

/// What a peer must take of an answer within one write deadline.
const PROGRESS: usize = 64 * 1024;
