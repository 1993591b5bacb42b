//! The call: from a request to the service's answer, while the peer is served and listened to.

use std::pin::Pin;
use std::task::{Context, Poll};

use super::h1_server::{Driver, End};
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
                Ok(Poll::Pending) => {}
            }
            if self.poll_feed(cx)? {
                continue;
            }
            // Answers to requests before this one do not wait for it.
            if self.poll_flush(cx)?.is_ready() {
                self.batch = 0;
            }
            self.poll_gone(cx)?;
            if self.poll_busy_deadline(cx)? {
                continue;
            }
            return match self.timer.poll(cx, &self.house.clock, self.call_by) {
                Poll::Ready(()) => Poll::Ready(Ok(self.of_slow_handler())),
                Poll::Pending => Poll::Pending,
            };
        }
    }

    /// The answer in the place of one that blames the server for what the peer did to its body.
    #[cold]
    pub(super) fn blame(&mut self, response: Response) -> Response {
        match self.broken.take() {
            Some(answer) if response.status.is_server_error() => *answer,
            _ => response,
        }
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

    /// Lets a call that is detached come to its end though the peer has gone; any other is given up at once.
    ///
    /// Whether it is shows when it is polled: nothing is known of a call that nobody had to ask.
    pub(super) async fn outlive<F>(&mut self, mut call: Pin<&mut F>)
    where
        F: Future<Output = Result<Response, Fault>>,
    {
        let mut stays = false;
        std::future::poll_fn(|cx| {
            let late = self.timer.poll(cx, &self.house.clock, self.call_by).is_ready();
            if late || self.member.is_cut() {
                return Poll::Ready(());
            }
            take_detached();
            match catch(|| call.as_mut().poll(cx)) {
                Ok(Poll::Pending) => {}
                Ok(Poll::Ready(_)) => return Poll::Ready(()),
                Err(panic) => {
                    log_panic(&panic);
                    return Poll::Ready(());
                }
            }
            if !stays {
                stays = take_detached();
                self.leave(cx);
            }
            match stays {
                true => Poll::Pending,
                false => Poll::Ready(()),
            }
        })
        .await;
    }

    /// Says and hears nothing more.
    fn leave(&mut self, cx: &mut Context<'_>) {
        // A wire that fails is as good as one that was ended.
        let _ = self.link.wire.poll_shutdown(cx);
        if let Some(feed) = self.feed.take() {
            feed.inlet.fail(BodyErrorKind::Disconnected.into());
        }
    }
}

#[cold]
pub(super) fn of_panic(panic: &Panic) -> Response {
    log_panic(panic);
    Problem::internal().into_response()
}

fn log_panic(panic: &Panic) {
    tracing::error!(target: "counterpart", "the service panicked: {}", panic.0);
}
