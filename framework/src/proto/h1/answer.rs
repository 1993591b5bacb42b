//! Answering: the heads of responses, and what they settle.

use http::StatusCode;

use super::body::Writer;
use super::conn::Conn;
use super::error::{ErrorKind, ProtocolError};
use super::framing::{self, Asked, Framing, Length};
use super::known::{Expectation, Lengths};
use super::role::{Server, Side};
use super::send::agreed;
use super::state::{Party, State, Step};
use super::write;
use crate::text::ResponseHead;

impl Conn<Server> {
    /// Writes the head of a response, interim or final, and settles how its body is framed.
    ///
    /// `Content-Length`, `Transfer-Encoding` and `Connection` are ours to write; a `Content-Length`
    /// among the fields gives the length of a body whose length is not [`Known`](Length::Known), and
    /// `Connection: close` closes. `date` is the line of the `Date` field, unless the head has one.
    /// An interim head is not written to a requester whose version does not know them.
    ///
    /// # Errors
    /// If no answer is due, or the head cannot be written or contradicts the length.
    #[inline]
    pub fn send_head(
        &mut self,
        head: &ResponseHead,
        length: Length,
        date: Option<&DateLine>,
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

    #[inline(always)]
    fn write_head(
        &mut self,
        head: &ResponseHead,
        length: Length,
        date: Option<&DateLine>,
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
            out.extend_from_slice(&date.0);
        }
        let told = self.settle_framing(status, length, ours.lengths)?;
        let connection: &[u8] = match (self.keep, self.modern) {
            _ if connects => b"",
            (true, true) => b"",
            (false, _) => b"connection: close\r\n",
            (true, false) => b"connection: keep-alive\r\n",
        };
        match told {
            Told::Length(n) if connection.is_empty() => write::last_content_length(n, out),
            told => {
                write_told(told, out);
                out.extend_from_slice(connection);
                out.extend_from_slice(b"\r\n");
            }
        }
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

    /// Settles how the body is framed, and what of that is told in the head.
    #[inline]
    fn settle_framing(
        &mut self,
        status: StatusCode,
        length: Length,
        declared: Lengths,
    ) -> Result<Told, ProtocolError> {
        let length = agreed(length, declared)?;
        if status == StatusCode::RESET_CONTENT && self.asked != Asked::Head {
            // It has no content, and says so, since its reader does not know (RFC 9110 §15.3.6).
            self.writer = Writer::Dropped;
            return Ok(Told::Length(0));
        }
        if framing::is_bodiless(status, self.asked) {
            self.writer = Writer::Dropped;
            // The answer to HEAD, and 304, may tell the length that GET would have had.
            return Ok(match length {
                _ if status == StatusCode::NO_CONTENT || self.asked == Asked::Connect => {
                    Told::Nothing
                }
                Length::Known(0) if status == StatusCode::NOT_MODIFIED => Told::Nothing,
                Length::Known(n) => Told::Length(n),
                _ => Told::Nothing,
            });
        }
        let decision = framing::choose(Side::Server, length, self.modern)?;
        self.keep &= decision.reusable;
        self.writer = Writer::new(decision.framing);
        Ok(match decision.framing {
            Framing::Empty => Told::Length(0),
            Framing::Sized(n) => Told::Length(n),
            Framing::Chunked => Told::Chunked,
            Framing::UntilClose => Told::Nothing,
        })
    }
}

/// A `Date` field (RFC 9110 §6.6.1) as the line that is written.
#[derive(Debug, Clone, Copy)]
pub struct DateLine([u8; 37]);

impl DateLine {
    /// The line of a value, such as `Sun, 06 Nov 1994 08:49:37 GMT`.
    #[must_use]
    pub fn new(value: &[u8; 29]) -> Self {
        let mut line = *b"date: ---, -- --- ---- --:--:-- GMT\r\n";
        line[6..35].copy_from_slice(value);
        Self(line)
    }
}

/// What a head tells of its body's framing.
#[derive(Clone, Copy)]
enum Told {
    Nothing,
    Length(u64),
    Chunked,
}

fn write_told(told: Told, out: &mut Vec<u8>) {
    match told {
        Told::Nothing => {}
        Told::Length(n) => write::content_length(n, out),
        Told::Chunked => out.extend_from_slice(b"transfer-encoding: chunked\r\n"),
    }
}
