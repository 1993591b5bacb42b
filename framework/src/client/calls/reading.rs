//! Reading: the content of an answer, as it is asked for.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::{Buf, Bytes, BytesMut};
use http::HeaderMap;
use http_body::Body as _;
use tokio::io::{AsyncBufRead, AsyncRead, ReadBuf};

use super::answer::OwnedAnswer;
use crate::body::{Body, BodyError, BodyErrorKind};
use crate::io::buffered;
use crate::service::Fault;

/// Content, and what of it was read and not yet asked for.
pub(super) struct Reading {
    body: Body,
    piece: Bytes,
    trailers: Option<HeaderMap>,
}

impl Reading {
    pub(super) const fn new(body: Body) -> Self {
        Self { body, piece: Bytes::new(), trailers: None }
    }

    pub(super) fn length(&self) -> Option<u64> {
        Some(self.body.length()? + self.piece.len() as u64)
    }

    pub(super) const fn trailers(&self) -> Option<&HeaderMap> {
        self.trailers.as_ref()
    }

    pub(super) async fn chunk(&mut self) -> Result<Option<Bytes>, BodyError> {
        std::future::poll_fn(|cx| self.poll_fill(cx)).await?;
        let piece = std::mem::take(&mut self.piece);
        Ok((!piece.is_empty()).then_some(piece))
    }

    /// All that is left, of at most `limit` bytes; handed over as it is, if it came in one piece.
    pub(super) async fn collect(&mut self, limit: u64) -> Result<Bytes, BodyError> {
        let too_large = |length: u64| length > limit;
        if self.length().is_some_and(too_large) {
            return Err(BodyErrorKind::TooLarge { limit }.into());
        }
        let first = self.chunk().await?.unwrap_or_default();
        let Some(mut piece) = self.chunk().await? else { return Ok(first) };
        let mut all = BytesMut::from(first);
        loop {
            if too_large((all.len() + piece.len()) as u64) {
                return Err(BodyErrorKind::TooLarge { limit }.into());
            }
            all.extend_from_slice(&piece);
            match self.chunk().await? {
                Some(next) => piece = next,
                None => return Ok(all.freeze()),
            }
        }
    }

    /// Ready when there are bytes, or none will come.
    fn poll_fill(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), BodyError>> {
        while self.piece.is_empty() {
            let Some(frame) = ready!(Pin::new(&mut self.body).poll_frame(cx)).transpose()? else {
                break;
            };
            match frame.into_data() {
                Ok(data) => self.piece = data,
                Err(frame) => self.trailers = frame.into_trailers().ok(),
            }
        }
        Poll::Ready(Ok(()))
    }
}

impl AsyncBufRead for OwnedAnswer {
    fn poll_fill_buf(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<&[u8]>> {
        let this = self.get_mut();
        match ready!(this.content.poll_fill(cx)) {
            Ok(()) => Poll::Ready(Ok(&this.content.piece)),
            Err(error) => Poll::Ready(Err(this.fault(Fault::from(error)).into())),
        }
    }

    fn consume(self: Pin<&mut Self>, amount: usize) {
        self.get_mut().content.piece.advance(amount);
    }
}

impl AsyncRead for OwnedAnswer {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        into: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        buffered::poll_read(self, cx, into)
    }
}
