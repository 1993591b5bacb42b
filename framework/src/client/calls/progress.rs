//! Progress: how much of a request and of its answer has travelled.

use std::fmt;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use http_body::{Body as HttpBody, Frame, SizeHint};

use crate::body::{Body, BodyError};

/// How much content has travelled, in bytes as they are on the wire, before any coding is undone.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Progress {
    /// Of the request, what was handed to the connection. Where it is sent once more, it begins anew.
    pub sent: u64,
    /// How much that will be in all, if it is known.
    pub to_send: Option<u64>,
    /// Of the answer.
    pub received: u64,
    /// How much that will be in all, if it is known.
    pub to_receive: Option<u64>,
}

/// Counts for one call, and tells somebody.
#[derive(Clone)]
pub(super) struct Meter(Arc<Counted>);

struct Counted {
    progress: Mutex<Progress>,
    tell: Box<dyn Fn(Progress) + Send + Sync>,
}

/// Which content is counted.
#[derive(Clone, Copy)]
enum Side {
    Ours,
    Theirs,
}

/// Content that is counted as it is read.
struct Metered {
    body: Body,
    side: Side,
    meter: Meter,
}

impl Meter {
    pub(super) fn new(tell: impl Fn(Progress) + Send + Sync + 'static) -> Self {
        Self(Arc::new(Counted { progress: Mutex::default(), tell: Box::new(tell) }))
    }

    /// The content of a request, counted from its beginning.
    pub(super) fn ours(&self, body: Body) -> Body {
        self.update(|progress| (progress.sent, progress.to_send) = (0, body.length()));
        self.metered(body, Side::Ours)
    }

    /// The content of an answer.
    pub(super) fn theirs(&self, body: Body) -> Body {
        self.update(|progress| progress.to_receive = body.length());
        self.metered(body, Side::Theirs)
    }

    /// Content of which there is nothing to be counted stays what it is.
    fn metered(&self, body: Body, side: Side) -> Body {
        match body.is_empty() {
            true => body,
            false => Body::wrap(Metered { body, side, meter: self.clone() }),
        }
    }

    fn update(&self, change: impl FnOnce(&mut Progress)) -> Progress {
        let mut progress = self.0.progress.lock().unwrap_or_else(PoisonError::into_inner);
        change(&mut progress);
        *progress
    }

    fn count(&self, side: Side, bytes: u64) {
        let progress = self.update(|progress| match side {
            Side::Ours => progress.sent += bytes,
            Side::Theirs => progress.received += bytes,
        });
        (self.0.tell)(progress);
    }
}

impl HttpBody for Metered {
    type Data = Bytes;
    type Error = BodyError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BodyError>>> {
        let frame = ready!(Pin::new(&mut self.body).poll_frame(cx));
        if let Some(Ok(frame)) = &frame
            && let Some(data) = frame.data_ref()
        {
            self.meter.count(self.side, data.len() as u64);
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

impl fmt::Debug for Meter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Meter")
    }
}
