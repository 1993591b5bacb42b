//! Sending: our half of the machine. Each call appends to the caller's buffer, or fails and leaves it
//! as it was.

use http::{Method, StatusCode, Version};

use super::body::Writer;
use super::conn::Conn;
use super::error::{ErrorKind, ProtocolError};
use super::framing::{self, Asked, Framing, Length};
use super::known::{Expectation, Lengths};
use super::role::{Client, Role, Server, Side};
use super::state::{Party, State, Step};
use super::write;
use crate::text::{Fields, RequestHead, ResponseHead};

impl<R: Role> Conn<R> {
    /// Writes a piece of the body.
    ///
    /// # Errors
    /// If no head was sent, or the body would be longer than the head said.
    pub fn send_data(&mut self, data: &[u8], out: &mut Vec<u8>) -> Result<(), ProtocolError> {
        if self.data_before(data.len(), out)? {
            out.extend_from_slice(data);
            self.writer.after(out);
        }
        Ok(())
    }

    /// Writes a body that is all there, and ends our message.
    ///
    /// # Errors
    /// As [`send_data`](Self::send_data) and [`send_end`](Self::send_end).
    pub fn send_whole(&mut self, data: &[u8], out: &mut Vec<u8>) -> Result<(), ProtocolError> {
        if self.ours() == State::Body && self.writer.is_whole(data.len()) {
            out.extend_from_slice(data);
            return self.advance(R::SIDE.ours(), Step::End);
        }
        self.send_data(data, out)?;
        self.send_end(None, out)
    }

    /// Writes what stands before `n` bytes of data, which the caller then sends itself, followed by
    /// [`data_after`](Self::data_after). False if they are not to be sent at all.
    ///
    /// # Errors
    /// As [`send_data`](Self::send_data).
    pub fn data_before(&mut self, n: usize, out: &mut Vec<u8>) -> Result<bool, ProtocolError> {
        self.advance(R::SIDE.ours(), Step::Data)?;
        // An empty chunk would be the last one.
        if n == 0 { Ok(false) } else { self.writer.before(n, out) }
    }

    /// Writes what stands behind data that [`data_before`](Self::data_before) announced.
    pub fn data_after(&self, out: &mut Vec<u8>) {
        self.writer.after(out);
    }

    /// Ends our message. Trailers are sent with a chunked body and dropped with any other.
    ///
    /// # Errors
    /// If no head was sent, the body is shorter than the head said, or a trailer belongs in the head.
    pub fn send_end(
        &mut self,
        trailers: Option<&Fields>,
        out: &mut Vec<u8>,
    ) -> Result<(), ProtocolError> {
        if self.ours() != State::Body {
            return Err(ProtocolError::ours(ErrorKind::OutOfOrder));
        }
        let start = out.len();
        self.writer.end(trailers, out).inspect_err(|_| out.truncate(start))?;
        self.advance(R::SIDE.ours(), Step::End)
    }
}

impl Conn<Server> {
    /// Writes the head of a response, interim or final, and settles how its body is framed.
    ///
    /// `Content-Length`, `Transfer-Encoding` and `Connection` are ours to write; a `Content-Length`
    /// among the fields gives the length of a body whose length is not [`Known`](Length::Known), and
    /// `Connection: close` closes. `date` is the value of the `Date` field, unless the head has one.
    /// An interim head is not written to a requester whose version does not know them.
    ///
    /// # Errors
    /// If no answer is due, or the head cannot be written or contradicts the length.
    pub fn send_head(
        &mut self,
        head: &ResponseHead,
        length: Length,
        date: Option<&[u8; 29]>,
        out: &mut Vec<u8>,
    ) -> Result<(), ProtocolError> {
        let start = out.len();
        self.write_head(head, length, date, out).inspect_err(|_| out.truncate(start))
    }

    /// Tells a waiting requester to send its body (RFC 9110 §15.2.1).
    ///
    /// # Errors
    /// If the answer has begun.
    pub fn send_continue(&mut self, out: &mut Vec<u8>) -> Result<(), ProtocolError> {
        self.send_head(&ResponseHead::new(StatusCode::CONTINUE), Length::Absent, None, out)
    }

    fn write_head(
        &mut self,
        head: &ResponseHead,
        length: Length,
        date: Option<&[u8; 29]>,
        out: &mut Vec<u8>,
    ) -> Result<(), ProtocolError> {
        let status = head.status;
        if status == StatusCode::SWITCHING_PROTOCOLS {
            return self.write_switch(head, out);
        }
        if status.is_informational() {
            return self.write_interim(head, out);
        }
        let connects = self.asked == Asked::Connect && status.is_success();
        if connects && !self.may_switch() {
            return Err(ProtocolError::ours(ErrorKind::UnaskedSwitch));
        }
        write::status_line(status, out);
        let ours = write::passed_fields(&head.fields, out)?;
        self.keep &= !ours.close
            && self.responder == State::Owed
            // Behind a refused CONNECT may lie what was meant for the tunnel.
            && self.asked != Asked::Connect
            && self.failure.is_none()
            && self.expectation() == Expectation::None;
        if !ours.dated
            && let Some(date) = date
        {
            write::date(date, out);
        }
        self.write_framing(status, length, ours.lengths, out)?;
        match (self.keep, self.modern) {
            _ if connects => {}
            (false, _) => out.extend_from_slice(b"connection: close\r\n"),
            (true, false) => out.extend_from_slice(b"connection: keep-alive\r\n"),
            (true, true) => {}
        }
        out.extend_from_slice(b"\r\n");
        if connects {
            return self.switch();
        }
        self.advance(Party::Responder, Step::Head)
    }

    /// Whether the requester asked for another protocol (an upgrade, or a tunnel by CONNECT), and has sent all of its
    /// request: the two cases in which 101, or 2xx to CONNECT, can be written.
    #[must_use]
    pub fn may_switch(&self) -> bool {
        self.upgrade && self.requester == State::Done
    }

    fn write_interim(
        &mut self,
        head: &ResponseHead,
        out: &mut Vec<u8>,
    ) -> Result<(), ProtocolError> {
        self.advance(Party::Responder, Step::Interim)?;
        if head.status == StatusCode::CONTINUE {
            self.expectation = Expectation::None;
        }
        if self.modern {
            write::status_line(head.status, out);
            write::passed_fields(&head.fields, out)?;
            out.extend_from_slice(b"\r\n");
        }
        Ok(())
    }

    fn write_switch(
        &mut self,
        head: &ResponseHead,
        out: &mut Vec<u8>,
    ) -> Result<(), ProtocolError> {
        if !self.may_switch() || self.asked == Asked::Connect {
            return Err(ProtocolError::ours(ErrorKind::UnaskedSwitch));
        }
        write::status_line(head.status, out);
        for (name, value) in head.fields.iter().filter(|(name, _)| !write::is_framing(name)) {
            write::field(name, value, out)?;
        }
        out.extend_from_slice(b"\r\n");
        self.switch()
    }

    fn write_framing(
        &mut self,
        status: StatusCode,
        length: Length,
        declared: Lengths,
        out: &mut Vec<u8>,
    ) -> Result<(), ProtocolError> {
        let length = agreed(length, declared)?;
        if status == StatusCode::RESET_CONTENT && self.asked != Asked::Head {
            // It has no content, and says so, since its reader does not know (RFC 9110 §15.3.6).
            self.writer = Writer::Dropped;
            write::content_length(0, out);
            return Ok(());
        }
        if framing::is_bodiless(status, self.asked) {
            self.writer = Writer::Dropped;
            // The answer to HEAD, and 304, may tell the length that GET would have had.
            let told = match length {
                _ if status == StatusCode::NO_CONTENT || self.asked == Asked::Connect => None,
                Length::Known(0) if status == StatusCode::NOT_MODIFIED => None,
                Length::Known(n) => Some(n),
                _ => None,
            };
            told.inspect(|&n| write::content_length(n, out));
            return Ok(());
        }
        let decision = framing::choose(Side::Server, length, self.modern)?;
        self.keep &= decision.reusable;
        self.writer = Writer::new(decision.framing);
        match decision.framing {
            Framing::Empty => write::content_length(0, out),
            Framing::Sized(n) => write::content_length(n, out),
            Framing::Chunked => out.extend_from_slice(b"transfer-encoding: chunked\r\n"),
            Framing::UntilClose => {}
        }
        Ok(())
    }
}

impl Conn<Client> {
    /// Writes the head of a request, and settles how its body is framed.
    ///
    /// The head must have its `Host`. `Content-Length` and `Transfer-Encoding` are ours to write; for
    /// a body that is [`Absent`](Length::Absent) only the methods that expect one say so.
    ///
    /// # Errors
    /// If the cycle before is not over, or the head cannot be written or contradicts the length.
    pub fn send_head(
        &mut self,
        head: &RequestHead,
        length: Length,
        out: &mut Vec<u8>,
    ) -> Result<(), ProtocolError> {
        let start = out.len();
        self.write_head(head, length, out).inspect_err(|_| out.truncate(start))
    }

    fn write_head(
        &mut self,
        head: &RequestHead,
        length: Length,
        out: &mut Vec<u8>,
    ) -> Result<(), ProtocolError> {
        if !self.is_idle() || self.has_input() || self.has_ended() {
            return Err(ProtocolError::ours(ErrorKind::OutOfOrder));
        }
        let modern = head.version != Version::HTTP_10;
        write::request_line(&head.method, &head.target, modern, out)?;
        let ours = write::passed_fields(&head.fields, out)?;
        if ours.hosts > 1 || (modern && ours.hosts == 0) {
            return Err(ProtocolError::ours(ErrorKind::UnwritableHead));
        }
        let length = agreed(length, ours.lengths)?;
        let decision = framing::choose(Side::Client, length, modern)?;
        match (decision.framing, length) {
            (Framing::Chunked, _) => out.extend_from_slice(b"transfer-encoding: chunked\r\n"),
            (Framing::Sized(n), _) => write::content_length(n, out),
            (_, Length::Known(_)) => write::content_length(0, out),
            _ if expects_body(&head.method) => write::content_length(0, out),
            _ => {}
        }
        if ours.close {
            out.extend_from_slice(b"connection: close\r\n");
        }
        out.extend_from_slice(b"\r\n");
        self.asked = Asked::of(&head.method);
        self.modern = modern;
        self.upgrade = ours.upgrade == (true, true);
        self.expectation = if ours.expects { Expectation::Continue } else { Expectation::None };
        self.keep = !ours.close && modern;
        self.writer = Writer::new(decision.framing);
        self.advance(Party::Requester, Step::Head)?;
        self.advance(Party::Responder, Step::Asked)
    }
}

/// The length that the caller and the head's own `Content-Length` agree on.
fn agreed(length: Length, declared: Lengths) -> Result<Length, ProtocolError> {
    match (length, declared) {
        (length, Lengths::None) => Ok(length),
        (Length::Known(n), Lengths::One(declared)) if n == declared => Ok(length),
        (Length::Absent | Length::Unknown, Lengths::One(declared)) => Ok(Length::Known(declared)),
        (Length::Known(_), Lengths::One(_)) => Err(ProtocolError::ours(ErrorKind::LengthMismatch)),
        _ => Err(ProtocolError::ours(ErrorKind::UnwritableHead)),
    }
}

/// Methods whose requests say that they have no body (RFC 9110 §8.6).
fn expects_body(method: &Method) -> bool {
    matches!(*method, Method::POST | Method::PUT | Method::PATCH)
}
