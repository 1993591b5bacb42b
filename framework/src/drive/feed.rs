//! Feeding: a request's body, from the wire to whoever reads it, or past it.

use std::task::{Context, Poll, ready};

use bytes::Bytes;

use super::clock::{Clock, Moment, NEVER, millis};
use super::config::Config;
use super::ending::End;
use super::h1_server::Driver;
use super::refuse;
use super::wait::Waits;
use crate::body::{Body, BodyError, BodyErrorKind, Inlet, Want};
use crate::message::Response;
use crate::proto::h1::{ErrorKind, Event, Expectation, ProtocolError, State};
use crate::text::{Fields, RequestHead};
use crate::wire::Wire;

/// The feeding end of a body, and how fast the body comes.
#[derive(Debug)]
pub(super) struct Feed {
    pub(super) inlet: Inlet,
    received: u64,
    /// Milliseconds that were waited for it, and since when it is waited for now.
    waited: u64,
    since: Moment,
}

impl Feed {
    /// One that has given these pieces already.
    fn new(inlet: Inlet, pieces: [Bytes; 2]) -> Self {
        let received = pieces.iter().map(|piece| piece.len() as u64).sum();
        pieces.into_iter().for_each(|piece| inlet.give(piece));
        Self { inlet, received, waited: 0, since: NEVER }
    }

    /// Until when the next piece may be waited for.
    fn begins_to_wait(&mut self, clock: &Clock, config: &Config) -> Moment {
        self.since = clock.now();
        clock.after(config.body_stall)
    }

    fn give(&mut self, data: Bytes, clock: &Clock) {
        self.received += data.len() as u64;
        self.waited += clock.now().saturating_sub(self.since);
        self.since = NEVER;
        self.inlet.give(data);
    }

    /// Whether what has come was waited for longer than it was worth. This is asked when a piece has come: a peer
    /// that sends none at all stalls.
    fn is_slow(&self, config: &Config) -> bool {
        let earned = self.received.saturating_mul(1000) / config.body_rate.max(1);
        let grace = millis(config.body_grace);
        self.waited > grace.saturating_add(earned)
    }
}

impl<W: Wire> Driver<W> {
    /// The body of the request whose head was read: whole, if all of it came along, or one that is fed.
    #[inline(always)]
    pub(super) fn body(&mut self) -> Result<Body, End> {
        match self.link.conn.skip_empty_body() {
            true => Ok(Body::empty()),
            false => self.body_with_content(),
        }
    }

    fn body_with_content(&mut self) -> Result<Body, End> {
        let length = self.link.conn.body_left();
        let first = match self.next_of_body()? {
            Event::End(None) => return Ok(Body::empty()),
            Event::Data(first) => first,
            Event::End(trailers) => return Ok(ended(Bytes::new(), trailers)),
            _ => Bytes::new(),
        };
        let second = match self.next_of_body()? {
            Event::End(None) => return Ok(Body::from(first)),
            Event::End(trailers) => return Ok(ended(first, trailers)),
            Event::Data(second) => second,
            _ => Bytes::new(),
        };
        let (inlet, body) = Body::fed(length);
        self.feed = Some(Feed::new(inlet, [first, second]));
        Ok(body)
    }

    fn next_of_body(&mut self) -> Result<Event<RequestHead>, End> {
        let limit = self.house.config.limits.body;
        self.link.conn.next_event().map_err(|error| match error.kind() {
            ErrorKind::BodyTooLarge => End::Refused(Box::new(refuse::of_large_body(limit))),
            _ => End::refused(error),
        })
    }

    /// Gives the body what it asks for, as far as the wire has it. Tells whether anything was given.
    pub(super) fn poll_feed(&mut self, cx: &mut Context<'_>) -> Result<bool, End> {
        let Some(feed) = &self.feed else { return Ok(false) };
        match feed.inlet.poll_want(cx) {
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
                    self.wait_for_body();
                    return Ok(false);
                }
            }
        }
    }

    fn give(&mut self, event: Event<RequestHead>) {
        let Some(feed) = &mut self.feed else { return };
        match event {
            Event::Data(data) => {
                feed.give(data, &self.house.clock);
                if feed.is_slow(&self.house.config) {
                    self.stall();
                }
            }
            Event::End(trailers) => {
                feed.inlet.end(trailers.map(|trailers| trailers.to_map()));
                self.feed = None;
            }
            _ => self.feed = None,
        }
    }

    fn wait_for_body(&mut self) {
        if self.waits != Waits::Body
            && let Some(feed) = &mut self.feed
        {
            let until = feed.begins_to_wait(&self.house.clock, &self.house.config);
            self.wait_for(Waits::Body, until);
        }
    }

    /// Hears what is left of a body behind which the stream has ended: its end is there, or never comes.
    pub(super) fn finish_feed(&mut self) -> Result<(), End> {
        while self.link.conn.theirs() == State::Body {
            match self.link.conn.next_event() {
                Ok(event) => self.give(event),
                Err(error) => return self.fail_feed(&error),
            }
        }
        Ok(())
    }

    /// Tells the handler why its body does not come; a peer that is gone is told nothing.
    fn fail_feed(&mut self, error: &ProtocolError) -> Result<(), End> {
        let limit = self.house.config.limits.body;
        let (kind, answer) = match error.kind() {
            ErrorKind::Incomplete => return Err(End::Gone("the peer went away within a body")),
            ErrorKind::BodyTooLarge => {
                (BodyErrorKind::TooLarge { limit }, refuse::of_large_body(limit))
            }
            _ => (BodyErrorKind::Malformed, refuse::of_error(error)),
        };
        self.break_feed(BodyError::new(kind, *error), answer);
        Ok(())
    }

    /// Gives up a body that comes too slowly.
    pub(super) fn stall(&mut self) {
        self.wait_for(Waits::Nothing, NEVER);
        self.link.conn.close_after();
        self.break_feed(BodyErrorKind::Stalled.into(), refuse::of_slow_body());
    }

    /// Fails the body, and keeps what the peer would be answered if the handler had no better word.
    fn break_feed(&mut self, error: BodyError, answer: Response) {
        if let Some(feed) = self.feed.take() {
            feed.inlet.fail(error);
            self.broken = Some(Box::new(answer));
        }
    }

    /// Reads what is left of the request's body: for whoever still wants it, or to get past it.
    pub(super) fn poll_rest(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), End>> {
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
}

/// A body that is all there, with trailers.
fn ended(data: Bytes, trailers: Option<Fields>) -> Body {
    let (inlet, body) = Body::fed(Some(data.len() as u64));
    inlet.give(data);
    inlet.end(trailers.map(|trailers| trailers.to_map()));
    body
}
