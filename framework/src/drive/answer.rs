//! Answers: a response onto the link.

use std::pin::Pin;
use std::task::{Context, Poll, Waker};

use bytes::Bytes;
use http::{HeaderValue, StatusCode, Version, header};
use http_body::Body as HttpBody;

use super::ending::End;
use super::h1_server::{Driver, yield_now};
use crate::body::Want;
use crate::message::Response;
use crate::problem::{Problem, chain};
use crate::proto::h1::{Length, ProtocolError, State};
use crate::text::{Fields, ResponseHead};
use crate::upgrade::Switch;
use crate::wire::Wire;

impl<W: Wire> Driver<W> {
    /// Writes the head, and the body as far as it is there; the rest stays in `answer`.
    #[inline(always)]
    pub(super) fn begin_answer(&mut self, mut response: Response) -> Result<(), End> {
        if !response.extensions.is_empty() {
            self.then = Switch::take(&mut response);
        }
        if (response.status.is_informational() || self.asked_connect)
            && self.switches(&mut response)
        {
            return self.begin_switch(response);
        }
        if self.is_last() || !self.may_keep() {
            self.link.conn.close_after();
        }
        if let Some(server) = &self.house.config.server {
            name_server(&mut response, server);
        }
        self.link.open_output();
        self.encode(response).or_else(|error| self.answer_instead(error))
    }

    /// Sends an answer that can be sent in the place of one whose head cannot.
    #[cold]
    fn answer_instead(&mut self, error: ProtocolError) -> Result<(), End> {
        if self.link.conn.ours() != State::Owed {
            return Err(cannot_end(error));
        }
        // Nothing of it was written.
        tracing::error!(target: "counterpart", "the answer cannot be sent: {}", chain(&error));
        self.encode(Problem::internal().into_response()).map_err(cannot_end)
    }

    #[inline(always)]
    fn encode(&mut self, response: Response) -> Result<(), ProtocolError> {
        let Response { status, fields, mut body, extensions } = response;
        self.note(|journal| journal.answers(status, &extensions));
        let (conn, out) = (&mut self.link.conn, &mut self.link.out);
        let head = ResponseHead { status, version: Version::HTTP_11, fields };
        let bodiless = self.asked_head || is_bodiless(status);
        let length = match body.length() {
            // Fields may tell a length that a body which is not sent would have had.
            Some(0) if bodiless => Length::Absent,
            Some(length) => Length::Known(length),
            None => Length::Unknown,
        };
        conn.send_head(&head, length, Some(&self.house.clock.date()), out)?;
        if bodiless || length == Length::Known(0) {
            return conn.send_end(None, out);
        }
        if let Some(small) = body.whole().filter(|bytes| bytes.len() <= SMALL) {
            self.note(|journal| journal.sends(small.len()));
            return self.link.conn.send_whole(small, &mut self.link.out);
        }
        match body.take_whole() {
            Some(bytes) => {
                self.note(|journal| journal.sends(bytes.len()));
                self.link.send_data(bytes)?;
                self.link.conn.send_end(None, &mut self.link.out)
            }
            None => {
                self.answer = Some(body);
                Ok(())
            }
        }
    }

    /// Writes a streamed body, piece by piece as it comes and as the peer takes it.
    pub(super) fn poll_answer(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), End>> {
        loop {
            if self.link.is_heavy() {
                if self.poll_flush(cx)?.is_ready() {
                    return yield_now(cx);
                }
                match self.poll_feed(cx)? || self.poll_busy_deadline(cx)? {
                    true => continue,
                    false => return Poll::Pending,
                }
            }
            match self.poll_piece(cx)? {
                Poll::Ready(true) => continue,
                Poll::Ready(false) => return Poll::Ready(Ok(())),
                Poll::Pending => {}
            }
            let fed = self.poll_feed(cx)?;
            let _ = self.poll_flush(cx)?;
            if fed {
                continue;
            }
            self.poll_gone(cx)?;
            if !self.poll_busy_deadline(cx)? {
                return Poll::Pending;
            }
        }
    }

    /// Takes the next piece; tells whether there was one.
    fn poll_piece(&mut self, cx: &mut Context<'_>) -> Result<Poll<bool>, End> {
        let Some(body) = &mut self.answer else { return Ok(Poll::Ready(false)) };
        if self.link.sends_files()
            && let Some(range) = body.take_range()
        {
            self.note(|journal| journal.sends(range.len()));
            self.link.send_range(range).map_err(cannot_end)?;
            return Ok(Poll::Ready(true));
        }
        let frame = match Pin::new(body).poll_frame(cx) {
            Poll::Pending => return Ok(Poll::Pending),
            Poll::Ready(frame) => frame.transpose(),
        };
        self.link.open_output();
        let frame = frame.map_err(|error| {
            if self.broken.is_some() {
                return End::Gone("the answer broke off with the body of its request");
            }
            tracing::error!(target: "counterpart", "the answer broke off: {}", chain(&error));
            End::Gone("the answer broke off")
        })?;
        let trailers = match frame.map(http_body::Frame::into_data) {
            Some(Ok(data)) => {
                self.send(data)?;
                return Ok(Poll::Ready(true));
            }
            Some(Err(frame)) => frame.into_trailers().ok().map(Fields::from),
            None => None,
        };
        self.answer = None;
        let (conn, out) = (&mut self.link.conn, &mut self.link.out);
        conn.send_end(trailers.as_ref(), out).map_err(cannot_end)?;
        Ok(Poll::Ready(false))
    }

    fn send(&mut self, data: Bytes) -> Result<(), End> {
        self.note(|journal| journal.sends(data.len()));
        self.link.send_data(data).map_err(cannot_end)
    }

    /// Whether what is unread of the request is worth reading, so that the connection can be kept.
    fn may_keep(&mut self) -> bool {
        if self.link.conn.theirs() != State::Body {
            return true;
        }
        let mut cx = Context::from_waker(Waker::noop());
        // Whoever asks for more has woken this task already, and is asked again before it sleeps.
        self.feed.take_if(|feed| feed.inlet.poll_want(&mut cx) == Poll::Ready(Want::Nothing));
        if self.feed.is_some() {
            return true;
        }
        self.link.conn.body_left().is_some_and(|left| left <= self.house.config.drain)
    }
}

/// Says whose answer it is, where it does not say so itself.
#[cold]
fn name_server(response: &mut Response, server: &HeaderValue) {
    if !response.fields.contains("server") {
        response.fields.append(header::SERVER, server.clone());
    }
}

/// What is answered when a service gives an interim response, which none can.
#[cold]
pub(super) fn instead_of(interim: &Response) -> Response {
    tracing::error!(target: "counterpart", "the service answered with {}", interim.status);
    Problem::internal().into_response()
}

/// Whether a response has no body by its status alone.
fn is_bodiless(status: StatusCode) -> bool {
    matches!(status, StatusCode::NO_CONTENT | StatusCode::NOT_MODIFIED)
}

/// An answer that is not what its head said: the peer must not take it for whole.
pub(super) fn cannot_end(error: ProtocolError) -> End {
    tracing::error!(target: "counterpart", "the answer broke off: {error}");
    End::Gone("the answer broke off")
}

/// Up to here a body is copied behind its head.
const SMALL: usize = 8 * 1024;
