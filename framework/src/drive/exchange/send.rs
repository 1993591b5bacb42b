//! Sending: the head, and the content as it comes.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use http::{Version, header};
use http_body::{Body as _, Frame};

use super::Exchange;
use crate::body::{Body, BodyError, CutShort, FileRange};
use crate::drive::patience::Alarm;
use crate::proto::h1::{ErrorKind, Expectation, Length, ProtocolError};
use crate::service::{Fault, FaultKind, Phase};
use crate::text::{Fields, RequestHead};
use crate::wire::Wire;

impl<W: Wire, A: Alarm> Exchange<W, A> {
    pub(super) fn write_head(&mut self, head: &RequestHead, length: Length) -> Result<(), Fault> {
        if head.version == Version::HTTP_10 && length == Length::Unknown {
            return Err(Fault::new(FaultKind::InvalidRequest, NO_CHUNKS));
        }
        let bodiless = matches!(length, Length::Absent | Length::Known(0));
        if bodiless && waits(&head.fields) {
            return Err(Fault::new(FaultKind::InvalidRequest, NOTHING_EXPECTED));
        }
        let written = self.link.conn.send_head(head, length, &mut self.link.out);
        written.map_err(|error| Fault::new(FaultKind::InvalidRequest, error))?;
        self.held = self.link.conn.expectation() == Expectation::Continue
            && head.version != Version::HTTP_10;
        Ok(())
    }

    /// Sends content: all of it with the head if it is there and nothing holds it back.
    pub(crate) fn send(&mut self, mut body: Body) -> Result<(), Fault> {
        let whole = if self.held { None } else { body.take_whole() };
        let Some(bytes) = whole else {
            self.sending = Some(body);
            return Ok(());
        };
        if !bytes.is_empty() {
            self.write(bytes)?;
        }
        self.finish(None)
    }

    /// Writes a piece of content; empty ones are skipped, as an empty chunk would be the last one.
    pub(crate) fn write(&mut self, data: Bytes) -> Result<(), Fault> {
        self.link.open_output();
        if self.traced && !data.is_empty() {
            self.terms.shared.trace.content('>', data.len());
        }
        self.link.send_data(data).map_err(content)
    }

    fn write_range(&mut self, range: FileRange) -> Result<(), Fault> {
        if self.traced {
            self.terms.shared.trace.content('>', range.len());
        }
        self.link.send_range(range).map_err(content)
    }

    /// Ends the request.
    pub(crate) fn finish(&mut self, trailers: Option<&Fields>) -> Result<(), Fault> {
        self.link.open_output();
        let start = self.link.out.len();
        self.link.conn.send_end(trailers, &mut self.link.out).map_err(content)?;
        if self.traced && trailers.is_some() {
            let end = self.link.out.get(start..).unwrap_or_default();
            self.terms.shared.trace.head('>', end.strip_prefix(b"0\r\n").unwrap_or(end));
        }
        Ok(())
    }

    /// Ends a request that is written by hand, unless an answer or a broken wire has ended it already.
    pub(crate) fn finish_if_wanted(&mut self, trailers: Option<&Fields>) -> Result<(), Fault> {
        if self.stopped { Ok(()) } else { self.finish(trailers) }
    }

    /// The rest of the request is not sent any more, as it has been answered.
    pub(crate) fn give_up(&mut self) {
        if !self.stopped {
            self.stop_sending(FaultKind::Answered.into());
        }
    }

    /// Ready when a piece of content may be written: the one before is on its way, and nothing holds it back.
    pub(crate) fn poll_room(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Fault>> {
        loop {
            self.poll_send(cx);
            if self.early.is_none()
                && let Poll::Ready(head) = self.poll_hear(cx)?
            {
                self.early = Some(head);
            }
            if self.stopped || self.early.is_some() {
                return Poll::Ready(Err(self.unsent.take().unwrap_or(FaultKind::Answered.into())));
            }
            if !self.held && !self.link.is_heavy() {
                return Poll::Ready(Ok(()));
            }
            match ready!(self.poll_patience(cx, Phase::Send)) {
                Phase::Expect => {}
                phase => return Poll::Ready(Err(FaultKind::Timeout(phase).into())),
            }
        }
    }

    /// Ready when all that was written is on its way.
    pub(crate) fn poll_sent(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Fault>> {
        loop {
            match ready!(self.poll_room(cx)) {
                // It may have been all of it.
                Err(fault) if fault.kind() == FaultKind::Answered && !self.stopped => {}
                room => room?,
            }
            if self.link.is_flushed() {
                return Poll::Ready(Ok(()));
            }
            match ready!(self.poll_patience(cx, Phase::Send)) {
                Phase::Expect => {}
                phase => return Poll::Ready(Err(FaultKind::Timeout(phase).into())),
            }
        }
    }

    /// The content of the request, if it comes from elsewhere and nothing of it was taken.
    #[cfg(feature = "client")]
    pub(crate) fn untouched(&mut self) -> Option<Body> {
        self.sending.take_if(|_| !self.drawn)
    }

    /// Ready when nothing waits to be written.
    pub(crate) fn poll_flushed(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Fault>> {
        self.poll_flush(cx).map_err(|error| Fault::new(FaultKind::Io, error))
    }

    /// Sends as far as the wire takes it. What goes wrong is kept: the answer may tell more.
    pub(crate) fn poll_send(&mut self, cx: &mut Context<'_>) {
        if !self.stopped
            && let Err(fault) = self.try_send(cx)
        {
            self.stop_sending(fault);
        }
    }

    pub(super) fn stop_sending(&mut self, fault: Fault) {
        // What a broken wire has left whole can be sent on another.
        self.sending.take_if(|_| self.drawn || fault.kind() != FaultKind::Io);
        self.held = false;
        self.stopped = true;
        self.link.conn.close_after();
        self.unsent = Some(fault);
    }

    fn try_send(&mut self, cx: &mut Context<'_>) -> Result<(), Fault> {
        while !self.held {
            if self.link.is_heavy()
                && let Poll::Pending = self.poll_flush(cx).map_err(unwritten)?
            {
                return Ok(());
            }
            let Some(body) = &mut self.sending else { break };
            if self.link.sends_files()
                && let Some(range) = body.take_range()
            {
                self.write_range(range)?;
                continue;
            }
            let Poll::Ready(frame) = Pin::new(body).poll_frame(cx) else { break };
            self.drawn = true;
            self.send_frame(frame)?;
        }
        match self.poll_flush(cx) {
            Poll::Ready(Err(error)) => Err(unwritten(error)),
            _ => Ok(()),
        }
    }

    /// Writes what waits, and notes whether the peer takes it.
    fn poll_flush(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        if self.link.is_flushed() {
            return Poll::Ready(Ok(()));
        }
        let flushed = self.link.poll_flush(cx);
        if flushed.is_ready() || self.taken != self.link.sent() {
            self.taken = self.link.sent();
            self.patience.renew();
        }
        flushed
    }

    fn send_frame(&mut self, frame: Option<Result<Frame<Bytes>, BodyError>>) -> Result<(), Fault> {
        let frame = frame.transpose().map_err(|error| Fault::new(FaultKind::Content, error))?;
        let trailers = match frame.map(Frame::into_data) {
            Some(Ok(data)) => return self.write(data),
            Some(Err(frame)) => frame.into_trailers().ok().map(Fields::from),
            None => None,
        };
        self.sending = None;
        self.finish(trailers.as_ref())
    }
}

/// Whether content is to wait for a go-ahead, which is nonsense where there is none (RFC 9110 §10.1.1).
fn waits(fields: &Fields) -> bool {
    let expects = fields.get(header::EXPECT);
    expects.is_some_and(|value| value.eq_ignore_ascii_case(b"100-continue"))
        && !fields.contains(header::CONTENT_LENGTH)
}

/// That bytes could not be written: for want of a wire, or of the file that they come from.
fn unwritten(error: io::Error) -> Fault {
    let kind = if CutShort::is(&error) { FaultKind::Content } else { FaultKind::Io };
    Fault::new(kind, error)
}

fn content(error: ProtocolError) -> Fault {
    match error.kind() {
        ErrorKind::OutOfOrder => Fault::new(FaultKind::NotConnected, error),
        _ => Fault::new(FaultKind::Content, error),
    }
}

const NO_CHUNKS: &str =
    "HTTP/1.0 knows no chunks: content of an unknown length needs HTTP/1.1, or its length";
const NOTHING_EXPECTED: &str =
    "it has an `Expect` field, but no content that could wait for a go-ahead";
