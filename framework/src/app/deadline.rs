//! The deadline of a call in process: for its answer, and for the content of that.

use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body::{Body as HttpBody, Frame, SizeHint};
use tokio::time::{Sleep, sleep};

use crate::api::draft::timed_out;
use crate::body::{Body, BodyError, BodyErrorKind};
use crate::message::Response;
use crate::service::{Deadline, Fault};

/// Gives a call up when its time has passed, and its content too where that is still to come.
pub(super) async fn within(
    Deadline(limit): Deadline,
    call: impl Future<Output = Result<Response, Fault>>,
) -> Result<Response, Fault> {
    let mut passed = Box::pin(sleep(limit));
    let mut call = std::pin::pin!(call);
    let answered = std::future::poll_fn(|cx| match call.as_mut().poll(cx) {
        Poll::Pending => passed.as_mut().poll(cx).map(|()| Err(timed_out())),
        answered => answered,
    });
    let mut response = answered.await?;
    if response.body.whole().is_none() {
        let body = std::mem::take(&mut response.body);
        response.body = Body::wrap(Timed { body, passed });
    }
    Ok(response)
}

/// A body that must have come before its time has passed.
struct Timed {
    body: Body,
    passed: Pin<Box<Sleep>>,
}

impl HttpBody for Timed {
    type Data = Bytes;
    type Error = BodyError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BodyError>>> {
        match self.passed.as_mut().poll(cx) {
            Poll::Ready(()) => Poll::Ready(Some(Err(BodyErrorKind::Overdue.into()))),
            Poll::Pending => Pin::new(&mut self.body).poll_frame(cx),
        }
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
