//! Sending: our half of the machine. Each call appends to the caller's buffer, or fails and leaves it
//! as it was. The heads of responses are in `answer`.

use http::{Method, Version};

use super::body::Writer;
use super::conn::Conn;
use super::error::{ErrorKind, ProtocolError};
use super::framing::{self, Asked, Framing, Length};
use super::known::{Expectation, Lengths};
use super::role::{Client, Role, Side};
use super::state::{Party, State, Step};
use super::write;
use crate::text::{Fields, RequestHead};

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
    #[inline(always)]
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
pub(super) fn agreed(length: Length, declared: Lengths) -> Result<Length, ProtocolError> {
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
