//! Hearing: interim heads, the head, the content piece by piece.

use std::task::{Context, Poll, ready};

use bytes::Bytes;
use http::StatusCode;

use super::Exchange;
use crate::body::{BodyError, BodyErrorKind};
use crate::drive::patience::Alarm;
use crate::proto::h1::{Event, State};
use crate::service::{Fault, FaultKind, Phase};
use crate::text::{Fields, ResponseHead};
use crate::wire::Wire;

/// Some of an answer's content.
#[derive(Debug)]
pub(crate) enum Piece {
    /// Some bytes, never none.
    Data(Bytes),
    /// It is whole.
    End(Option<Fields>),
}

impl<W: Wire, A: Alarm> Exchange<W, A> {
    /// Ready with the head of the answer. Sends the request meanwhile, as far as it is given.
    pub(crate) fn poll_head(&mut self, cx: &mut Context<'_>) -> Poll<Result<ResponseHead, Fault>> {
        if let Some(head) = self.early.take() {
            return Poll::Ready(Ok(head));
        }
        loop {
            self.poll_send(cx);
            let held = self.held;
            if let Poll::Ready(head) = self.poll_hear(cx)? {
                return Poll::Ready(Ok(head));
            }
            if held != self.held {
                continue;
            }
            // The peer waits for what will never come, so there is nothing to wait for.
            if let Some(fault) = self.own_fault() {
                return Poll::Ready(Err(fault));
            }
            match ready!(self.poll_patience(cx, Phase::Head)) {
                Phase::Expect => {}
                phase => return Poll::Ready(Err(FaultKind::Timeout(phase).into())),
            }
        }
    }

    /// Ready with the head of the answer, if it has come.
    pub(super) fn poll_hear(&mut self, cx: &mut Context<'_>) -> Poll<Result<ResponseHead, Fault>> {
        if std::mem::take(&mut self.listens) {
            return Poll::Pending;
        }
        loop {
            match self.link.conn.next_event().map_err(|error| self.fault(error))? {
                Event::Head(head) => {
                    self.note(&head);
                    return Poll::Ready(Ok(head));
                }
                Event::Interim(head) => self.note_interim(&head),
                Event::NeedData => {
                    let filled = ready!(self.link.poll_fill(cx));
                    filled.map_err(|error| self.broken_off(error))?;
                }
                _ => return Poll::Ready(Err(FaultKind::Malformed.into())),
            }
        }
    }

    /// An answer has begun. If its request still waits for a go-ahead it has none, and is not sent to its end.
    fn note(&mut self, head: &ResponseHead) {
        if self.held {
            self.stop_sending(FaultKind::Answered.into());
        }
        self.sending.take_if(|_| self.stopped);
        self.expected = self.link.conn.body_left();
        self.patience.renew();
        self.trace_fields(&head.fields);
    }

    fn note_interim(&mut self, head: &ResponseHead) {
        self.held &= head.status != StatusCode::CONTINUE;
        self.trace_fields(&head.fields);
        self.terms.tell(head);
    }

    fn trace_fields(&self, fields: &Fields) {
        if self.traced {
            self.terms.shared.trace.head('<', fields.block());
        }
    }

    /// A piece of the answer that is there already.
    pub(crate) fn next_piece(&mut self) -> Result<Option<Piece>, BodyError> {
        let event = self.link.conn.next_event().map_err(|error| self.body_error(error))?;
        Ok(Some(match event {
            Event::NeedData => return Ok(None),
            Event::Data(data) => {
                self.received += data.len() as u64;
                if self.traced {
                    self.terms.shared.trace.content('<', data.len());
                }
                Piece::Data(data)
            }
            Event::End(trailers) => {
                trailers.iter().for_each(|trailers| self.trace_fields(trailers));
                Piece::End(trailers)
            }
            _ => Piece::End(None),
        }))
    }

    /// Ready with the next piece of the answer. Sends on the rest of the request meanwhile.
    pub(crate) fn poll_piece(&mut self, cx: &mut Context<'_>) -> Poll<Result<Piece, BodyError>> {
        if let Some(kind) = &self.broken {
            return Poll::Ready(Err(kind.clone().into()));
        }
        let piece = ready!(self.poll_some(cx));
        if let Err(error) = &piece {
            self.broken = Some(error.kind().clone());
        }
        Poll::Ready(piece)
    }

    fn poll_some(&mut self, cx: &mut Context<'_>) -> Poll<Result<Piece, BodyError>> {
        loop {
            if self.patience.is_over() {
                return Poll::Ready(Err(BodyErrorKind::Overdue.into()));
            }
            // An answer may go on while the request does.
            self.poll_send(cx);
            if let Some(piece) = self.next_piece()? {
                return Poll::Ready(Ok(piece));
            }
            match self.link.poll_fill(cx) {
                Poll::Ready(Ok(_)) => self.patience.renew(),
                Poll::Ready(Err(error)) => {
                    return Poll::Ready(Err(self.broken_body(error)));
                }
                Poll::Pending => match ready!(self.poll_patience(cx, Phase::Body)) {
                    // The answer goes on without the rest of the request.
                    Phase::Send => self.stop_sending(FaultKind::Timeout(Phase::Send).into()),
                    Phase::Total => return Poll::Ready(Err(BodyErrorKind::Overdue.into())),
                    _ => return Poll::Ready(Err(BodyErrorKind::Stalled.into())),
                },
            }
        }
    }

    /// How many bytes of content the head of the answer declared.
    #[cfg(feature = "client")]
    pub(crate) const fn expected(&self) -> Option<u64> {
        self.expected
    }

    /// Whether some of an answer is still to be read.
    pub(crate) fn is_answering(&self) -> bool {
        self.link.conn.theirs() == State::Body
    }
}
