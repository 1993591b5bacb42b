//! The call: from a request to the service's answer, while the peer is served and listened to.

use std::pin::Pin;
use std::task::{Context, Poll};

use super::ending::End;
use super::h1_server::Driver;
use super::refuse;
use crate::body::BodyErrorKind;
use crate::message::Response;
use crate::problem::{Problem, chain};
use crate::proto::h1::State;
use crate::service::{Fault, Panic, catch, take_detached};
use crate::wire::Wire;

impl<W: Wire> Driver<W> {
    pub(super) fn poll_call<F>(
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
                Ok(Poll::Ready(Err(fault))) => return Poll::Ready(Ok(self.of_fault(&fault))),
                Err(panic) => return Poll::Ready(Ok(of_panic(&panic))),
                Ok(Poll::Pending) if self.left.is_some() => return self.poll_left(cx),
                Ok(Poll::Pending) => {}
            }
            match self.poll_peer(cx) {
                Ok(true) => {}
                Ok(false) if self.is_late(cx) => return Poll::Ready(Ok(self.of_slow_handler())),
                Ok(false) => return Poll::Pending,
                Err(end) => self.leave(cx, end),
            }
        }
    }

    /// Serves and hears the peer while the service is at work; tells whether something changed for the service.
    fn poll_peer(&mut self, cx: &mut Context<'_>) -> Result<bool, End> {
        if self.poll_feed(cx)? {
            return Ok(true);
        }
        // Answers to requests before this one do not wait for it.
        if self.poll_flush(cx)?.is_ready() {
            self.batch = 0;
        }
        self.poll_gone(cx)?;
        self.poll_busy_deadline(cx)
    }

    fn is_late(&mut self, cx: &mut Context<'_>) -> bool {
        self.timer.poll(cx, &self.house.clock, self.call_by).is_ready()
    }

    /// Ends the connection under the call, which is polled once more: if it is detached, that shows then.
    #[cold]
    fn leave(&mut self, cx: &mut Context<'_>, end: End) {
        // A wire that fails is as good as one that was ended.
        let _ = self.link.wire.poll_shutdown(cx);
        self.left = Some(Box::new(end));
        take_detached();
    }

    /// Goes on with a call that is detached, and gives any other up.
    #[cold]
    fn poll_left(&mut self, cx: &mut Context<'_>) -> Poll<Result<Response, End>> {
        let stays = take_detached() || self.stays;
        if stays && !self.member.is_cut() && !self.is_late(cx) {
            self.stays = true;
            if let Some(feed) = self.feed.take() {
                feed.inlet.fail(BodyErrorKind::Disconnected.into());
            }
            return Poll::Pending;
        }
        let end = self.left.take().map_or(End::Gone("the call was given up"), |end| *end);
        Poll::Ready(Err(end))
    }

    /// Throws an answer away that nobody is there to hear, and one that blames the server for what the peer did to its
    /// body.
    #[cold]
    pub(super) fn correct(&mut self, response: &mut Response) -> Result<(), End> {
        if let Some(end) = self.left.take() {
            return Err(*end);
        }
        if let Some(answer) = self.broken.take()
            && response.status.is_server_error()
        {
            *response = *answer;
        }
        Ok(())
    }

    /// The answer of a service that has none; if its body broke, that is why.
    #[cold]
    fn of_fault(&self, fault: &Fault) -> Response {
        if self.broken.is_none() {
            tracing::error!(target: "counterpart", "{}", chain(fault));
        }
        Problem::from(fault).into_response()
    }

    #[cold]
    fn of_slow_handler(&mut self) -> Response {
        tracing::warn!(target: "counterpart", "a handler did not answer in time, and was dropped");
        if self.link.conn.theirs() == State::Body {
            self.link.conn.close_after();
        }
        refuse::of_slow_handler()
    }
}

#[cold]
pub(super) fn of_panic(panic: &Panic) -> Response {
    tracing::error!(target: "counterpart", "the service panicked: {}", panic.0);
    Problem::internal().into_response()
}
