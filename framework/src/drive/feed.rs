//! Feeding: a request's body, from the wire to whoever reads it, or past it.

use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;

use super::clock::{Clock, Moment, NEVER};
use super::config::Config;
use super::h1_server::{Driver, End};
use super::wait::Waits;
use crate::body::{Body, BodyError, BodyErrorKind, Inlet, Want};
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

    /// Until when the next piece may be waited for: not for longer than a stall may last, nor so long that
    /// all of the body has come too slowly.
    fn begins_to_wait(&mut self, clock: &Clock, config: &Config) -> Moment {
        self.since = clock.now();
        let earned = self.received.saturating_mul(1000) / config.body_rate.max(1);
        let grace = u64::try_from(config.body_grace.as_millis()).unwrap_or(NEVER);
        let left = grace.saturating_add(earned).saturating_sub(self.waited);
        clock.after(config.body_stall.min(Duration::from_millis(left)))
    }

    fn give(&mut self, data: Bytes, clock: &Clock) {
        self.received += data.len() as u64;
        self.waited += clock.now().saturating_sub(self.since);
        self.since = NEVER;
        self.inlet.give(data);
    }
}

impl<W: Wire> Driver<W> {
    /// The body of the request whose head was read: whole, if all of it came along, or one that is fed.
    pub(super) fn body(&mut self) -> Result<Body, End> {
        let conn = &mut self.link.conn;
        if conn.skip_empty_body() {
            return Ok(Body::empty());
        }
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
        self.feed = Some(Feed::new(inlet, [first, second]));
        Ok(body)
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
            Event::Data(data) => feed.give(data, &self.house.clock),
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
        if let Some(feed) = self.feed.take() {
            feed.inlet.fail(BodyError::new(kind, *error));
        }
        Ok(())
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
