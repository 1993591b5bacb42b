//! A bound on a body whose length is not known beforehand.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use http_body::{Body as HttpBody, Frame, SizeHint};

use super::{Body, BodyError, BodyErrorKind};

/// Fails where more than `limit` bytes come; what is left of the body is then let go.
pub(super) struct Limited {
    body: Body,
    left: u64,
    limit: u64,
}

impl Limited {
    pub(super) const fn new(body: Body, limit: u64) -> Self {
        Self { body, left: limit, limit }
    }
}

impl HttpBody for Limited {
    type Data = Bytes;
    type Error = BodyError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BodyError>>> {
        let frame = ready!(Pin::new(&mut self.body).poll_frame(cx));
        let came = match &frame {
            Some(Ok(frame)) => frame.data_ref().map_or(0, |data| data.len() as u64),
            _ => 0,
        };
        match self.left.checked_sub(came) {
            Some(left) => {
                self.left = left;
                Poll::Ready(frame)
            }
            None => {
                self.body = Body::empty();
                let limit = self.limit;
                Poll::Ready(Some(Err(BodyErrorKind::TooLarge { limit }.into())))
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
