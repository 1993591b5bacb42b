//! The server's end of one HTTP/1.1 connection.
//!
//! One task does it all: reads a head, calls the service, feeds the request's body as the handler asks for
//! it, writes the answer, and begins again. Nothing is spawned and nothing goes through a channel. Requests
//! that came together are answered together: what was read is served before what was answered is written.

use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use http::{Extensions, Method};

use super::access::Journal;
use super::clock::{Clock, Moment, NEVER, millis};
use super::config::Config;
use super::crowd::{Crowd, Member};
use super::ending::End;
use super::feed::Feed;
use super::hosts;
use super::link::Link;
use super::refuse;
use super::timer::Timer;
use super::wait::Waits;
use crate::body::Body;
use crate::message::{Request, Response};
use crate::problem::Problem;
use crate::proto::h1::{Conn, Event, Expectation, Limits, Server, State};
use crate::service::Service;
use crate::text::RequestHead;
use crate::upgrade::Then;
use crate::wire::Wire;

/// What all connections of a server share.
#[derive(Debug)]
pub struct House {
    pub(super) config: Config,
    pub(super) limits: Arc<Limits>,
    pub(super) clock: Arc<Clock>,
    /// How long a connection may be idle, in milliseconds: asked for behind every answer.
    idle: u64,
    /// The connections.
    pub crowd: Arc<Crowd>,
}

impl House {
    /// A house under these bounds, with a clock on the runtime of the caller.
    ///
    /// # Panics
    /// Outside of a runtime.
    #[must_use]
    pub fn new(mut config: Config) -> Arc<Self> {
        // Else nothing would ever be answered.
        config.pipeline = config.pipeline.max(1);
        let limits = Arc::new(config.limits.clone());
        let idle = millis(config.idle);
        Arc::new(Self { config, limits, clock: Clock::start(), idle, crowd: Arc::default() })
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
    let mut driver = Driver::new(wire, house, S::JUDGES_HEADS);
    async move {
        match driver.run(&*service).await {
            Ok(None) => {}
            // Boxed, so that a connection that never switches has no room for it.
            Ok(Some(then)) => Box::pin(driver.switch(then)).await,
            Err(end) => tracing::debug!(target: "counterpart", "connection ended: {end}"),
        }
    }
}

pub(super) struct Driver<W> {
    pub(super) link: Link<Server, W>,
    pub(super) house: Arc<House>,
    pub(super) member: Member,
    pub(super) timer: Timer,
    pub(super) waits: Waits,
    /// When reading has taken too long.
    pub(super) read_by: Moment,
    /// When writing has taken too long, and how much had been written when that was decided.
    pub(super) write_by: Moment,
    pub(super) written: usize,
    /// When the handler has taken too long.
    pub(super) call_by: Moment,
    /// When the connection is so old that its next answer is its last.
    old_by: Moment,
    /// The service itself refuses what heads show.
    judged: bool,
    /// Requests answered since the last write.
    pub(super) batch: u8,
    /// The request's body, while a handler may want more of it.
    pub(super) feed: Option<Feed>,
    /// What of the answer's body is still to come.
    pub(super) answer: Option<Body>,
    /// How the connection ended under a call that goes on.
    pub(super) left: Option<Box<End>>,
    /// Whether that call is known to be detached.
    pub(super) stays: bool,
    /// What the peer is answered for a body that broke, unless the service has a better word.
    pub(super) broken: Option<Box<Response>>,
    /// Bytes of an unwanted body that may still be read.
    pub(super) drain: u64,
    /// For the access log, if there is one.
    journal: Option<Box<Journal>>,
    pub(super) asked_head: bool,
    pub(super) asked_connect: bool,
    /// The protocols that the peer would have the connection go over to.
    pub(super) asked_protocols: Option<Box<str>>,
    /// What is done with the connection once the answer that is being written has left HTTP.
    pub(super) then: Option<Then>,
}

impl<W: Wire> Driver<W> {
    fn new(wire: W, house: Arc<House>, judged: bool) -> Self {
        let member = house.crowd.enter();
        let log = house.config.access_log.as_ref();
        let journal = log.map(|log| Journal::new(log.clone(), wire.peer()));
        member.rests(house.clock.now());
        Self {
            link: Link::new(Conn::new(house.limits.clone()), wire),
            timer: Timer::new(&house.clock),
            member,
            waits: Waits::FirstByte,
            read_by: house.clock.after(house.config.first_byte),
            write_by: NEVER,
            written: 0,
            call_by: NEVER,
            old_by: house.clock.after(house.config.age),
            judged,
            batch: 0,
            feed: None,
            answer: None,
            left: None,
            stays: false,
            broken: None,
            drain: 0,
            journal,
            asked_head: false,
            asked_connect: false,
            asked_protocols: None,
            then: None,
            house,
        }
    }

    /// All of HTTP on this connection; gives what follows after it, if anything does.
    async fn run<S: Service>(&mut self, service: &S) -> Result<Option<Then>, End> {
        let end = self.cycles(service).await;
        if let Err(End::Refused(response)) = end {
            self.refuse(*response)?;
        } else {
            end?;
        }
        match self.then.take() {
            Some(then) if self.link.conn.ours() == State::Switched => {
                std::future::poll_fn(|cx| self.poll_written(cx)).await?;
                Ok(Some(then))
            }
            _ => std::future::poll_fn(|cx| self.poll_close(cx)).await.map(|()| None),
        }
    }

    /// Requests and answers, until the connection is not to be kept.
    async fn cycles<S: Service>(&mut self, service: &S) -> Result<(), End> {
        loop {
            let may_decode = self.may_decode();
            let event = match may_decode {
                true => self.link.conn.next_event().map_err(End::refused)?,
                false => Event::NeedData,
            };
            match event {
                Event::Head(head) => {
                    self.cycle(service, head).await?;
                    if !self.link.conn.is_idle() {
                        return Ok(());
                    }
                }
                Event::NeedData => {
                    if !std::future::poll_fn(|cx| self.poll_more(cx, may_decode)).await? {
                        return Ok(());
                    }
                }
                _ => return Ok(()),
            }
        }
    }

    /// One request and its answer.
    async fn cycle<S: Service>(&mut self, service: &S, head: RequestHead) -> Result<(), End> {
        let mut response = match self.look_at(&head) {
            Some(refusal) => *refusal,
            None => {
                if self.judged {
                    self.link.conn.limit_body(u64::MAX);
                }
                let body = self.body()?;
                let request = self.request(head, body);
                // Called within its first poll, so that one guard is around both.
                let mut call = pin!(async { service.call(request).await });
                std::future::poll_fn(|cx| self.poll_call(cx, call.as_mut())).await?
            }
        };
        if self.left.is_some() || self.broken.is_some() {
            self.correct(&mut response)?;
        }
        self.wait_for(Waits::Nothing, NEVER);
        self.begin_answer(response)?;
        if self.answer.is_some() {
            std::future::poll_fn(|cx| self.poll_answer(cx)).await?;
        }
        self.note(Journal::ends);
        if self.link.conn.theirs() == State::Body && self.link.conn.keeps() {
            self.drain = self.house.config.drain;
            std::future::poll_fn(|cx| self.poll_rest(cx)).await?;
        }
        self.feed = None;
        self.wait_for(Waits::Nothing, NEVER);
        Ok(())
    }

    // ---- the request ---------------------------------------------------------------------------------

    /// Writes what waits, and reads more, if what is there has no head in it: `is_half` is whether somebody looked.
    /// False where the connection is to end.
    #[inline(always)]
    fn poll_more(&mut self, cx: &mut Context<'_>, is_half: bool) -> Poll<Result<bool, End>> {
        if !self.link.is_flushed() {
            let full = self.batch >= self.house.config.pipeline;
            match self.poll_flush(cx)? {
                Poll::Ready(()) if full => return yield_now(cx),
                Poll::Ready(()) => {}
                Poll::Pending => return self.poll_deadline(cx).map_ok(|()| false),
            }
        }
        if !is_half && self.may_decode() {
            return Poll::Ready(Ok(true));
        }
        self.member.attend(cx);
        match self.link.poll_fill(cx).map_err(End::Broken)? {
            Poll::Ready(_) => {
                self.came_some_head();
                Poll::Ready(Ok(true))
            }
            Poll::Pending => {
                self.became_idle();
                if self.is_to_go() {
                    return Poll::Ready(Ok(false));
                }
                self.poll_deadline(cx).map_ok(|()| false)
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

    /// Whether the connection is not to wait for another request. Where the server stops, one that may be on its way
    /// is still waited for, a moment long: a peer that was just answered, or let in, knows nothing of the end.
    fn is_to_go(&mut self) -> bool {
        if self.link.conn.has_input() {
            return false;
        }
        if self.member.is_stopped() {
            self.read_by = self.read_by.min(self.member.rests_since().saturating_add(ON_ITS_WAY));
        }
        self.member.is_dismissed()
    }

    fn came_some_head(&mut self) {
        // A head nearly always comes whole; only when it does not is its deadline looked at.
        if self.waits != Waits::Head && self.waits != Waits::Nothing {
            self.wait_for(Waits::Nothing, NEVER);
        }
    }

    #[inline(always)]
    fn became_idle(&mut self) {
        let config = &self.house.config;
        if self.link.conn.has_input() {
            if self.waits != Waits::Head {
                self.wait_for(Waits::Head, self.house.clock.after(config.head));
                // Whoever has begun a request is not idle.
                self.member.works();
            }
            return;
        }
        if !matches!(self.waits, Waits::Idle | Waits::FirstByte) {
            self.wait_for(Waits::Idle, self.house.clock.later(self.house.idle));
            self.member.rests(self.house.clock.now());
        }
        self.link.rest();
    }

    /// Takes a head in; gives the answer to a request that is not for the service.
    #[inline(always)]
    fn look_at(&mut self, head: &RequestHead) -> Option<Box<Response>> {
        self.batch += 1;
        self.member.works();
        self.wait_for(Waits::Nothing, NEVER);
        self.asked_head = head.method == Method::HEAD;
        self.asked_connect = head.method == Method::CONNECT;
        self.note(|journal| journal.begins(head));
        let refusal = self.refusal(head);
        if refusal.is_some() {
            self.link.conn.skip_empty_body();
        }
        refusal
    }

    /// The request of a head and its body.
    #[inline(always)]
    fn request(&mut self, head: RequestHead, body: Body) -> Request {
        if let Some(handler) = self.house.config.handler {
            self.call_by = self.house.clock.after(handler);
        }
        if self.link.conn.may_switch() {
            self.asked_protocols = head.fields.get_joined("upgrade").map(Into::into);
        }
        let peer = self.link.wire.peer();
        let mut request = Request { head, body, peer, extensions: Extensions::new() };
        if let Some(tls) = self.link.wire.tls() {
            request.extensions.insert(tls.clone());
        }
        request
    }

    /// What a head shows that no service need be asked about.
    #[inline(always)]
    fn refusal(&self, head: &RequestHead) -> Option<Box<Response>> {
        let hosts = &self.house.config.hosts;
        let unknown = self.link.conn.expectation() == Expectation::Unknown;
        if !hosts.is_empty() && !hosts::has(hosts, head) {
            Some(Box::new(refuse::of_foreign_host()))
        } else if unknown && !self.judged {
            Some(Box::new(Problem::of_expectation().into_response()))
        } else {
            None
        }
    }

    /// Takes note for the access log, if there is one.
    pub(super) fn note(&mut self, note: impl FnOnce(&mut Journal)) {
        // Most servers have none, and what they run through should not be longer for those that do.
        #[cold]
        fn take(journal: &mut Journal, note: impl FnOnce(&mut Journal)) {
            note(journal);
        }
        if let Some(journal) = &mut self.journal {
            take(journal, note);
        }
    }

    /// Whether the connection ends after this answer, though the peer would keep it.
    pub(super) fn is_last(&self) -> bool {
        self.member.is_stopped() || self.house.clock.now() >= self.old_by
    }
}

/// Lets other connections of the thread have their turn.
pub(super) fn yield_now<T>(cx: &Context<'_>) -> Poll<T> {
    cx.waker().wake_by_ref();
    Poll::Pending
}

/// Milliseconds for a request that was sent before its peer could know that the server stops.
const ON_ITS_WAY: u64 = 500;
