//! Failing: what a broken rule or a broken wire means for a call.

use std::fmt;
use std::io;

use super::Exchange;
use crate::body::{BodyError, BodyErrorKind};
use crate::drive::patience::Alarm;
use crate::proto::h1::{ErrorKind, ProtocolError, State};
use crate::service::{Fault, FaultKind};
use crate::wire::Wire;

impl<W: Wire, A: Alarm> Exchange<W, A> {
    /// A head that never came whole, or breaks a rule.
    pub(super) fn fault(&mut self, error: ProtocolError) -> Fault {
        let received = self.link.conn.input().len() as u64;
        let kind = match error.kind() {
            ErrorKind::Disconnected => {
                let disconnected = FaultKind::Disconnected { reused: self.reused };
                return self.own_fault().unwrap_or_else(|| Fault::new(disconnected, error));
            }
            ErrorKind::BadStatusLine => {
                let line = Quoted::first_line(self.link.conn.input());
                return Fault::new(FaultKind::Malformed, BadLine { error, line });
            }
            ErrorKind::Incomplete => FaultKind::Incomplete { received, expected: None },
            ErrorKind::HeadTooLarge { .. } | ErrorKind::TooManyFields { .. } => FaultKind::TooLarge,
            _ => FaultKind::Malformed,
        };
        Fault::new(kind, error)
    }

    /// A wire that breaks before anything was answered is one that the peer has closed.
    pub(super) fn broken_off(&mut self, error: io::Error) -> Fault {
        if let Some(fault) = self.own_fault() {
            return fault;
        }
        let (cut, received) = (is_cut(&error), self.link.conn.input().len() as u64);
        let gone = matches!(
            error.kind(),
            io::ErrorKind::ConnectionReset
                | io::ErrorKind::ConnectionAborted
                | io::ErrorKind::BrokenPipe
        );
        match self.link.conn.theirs() == State::Owed && !self.link.conn.has_input() {
            true if gone || cut => {
                Fault::new(FaultKind::Disconnected { reused: self.reused }, error)
            }
            _ if cut => Fault::new(FaultKind::Incomplete { received, expected: None }, error),
            _ => error.into(),
        }
    }

    /// Content whose wire breaks. An end that the wire does not vouch for is no end (RFC 9112 §9.8).
    pub(super) fn broken_body(&self, error: io::Error) -> BodyError {
        let (received, expected) = (self.received, self.expected);
        let kind = match is_cut(&error) {
            true => BodyErrorKind::Incomplete { received, expected },
            false => BodyErrorKind::Disconnected,
        };
        BodyError::new(kind, error)
    }

    /// Content that breaks off, or breaks a rule.
    pub(super) fn body_error(&self, error: ProtocolError) -> BodyError {
        let (received, expected) = (self.received, self.expected);
        let kind = match error.kind() {
            ErrorKind::Incomplete => BodyErrorKind::Incomplete { received, expected },
            ErrorKind::BodyTooLarge => {
                BodyErrorKind::TooLarge { limit: self.link.conn.limits().body }
            }
            _ => BodyErrorKind::Malformed,
        };
        BodyError::new(kind, error)
    }

    /// That our own content failed explains why nothing was answered.
    pub(super) fn own_fault(&mut self) -> Option<Fault> {
        self.unsent.take_if(|fault| fault.kind() == FaultKind::Content)
    }
}

/// Whether a wire has ended that should not have.
fn is_cut(error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::UnexpectedEof
}

/// A line of theirs that breaks a rule, and what it was.
#[derive(Debug)]
struct BadLine {
    error: ProtocolError,
    line: Quoted,
}

/// Bytes of a peer's, cut and escaped for a person's eyes.
#[derive(Debug)]
struct Quoted(String);

impl Quoted {
    fn first_line(bytes: &[u8]) -> Self {
        let end = memchr::memchr(b'\n', bytes).unwrap_or(bytes.len());
        let line = bytes[..end].strip_suffix(b"\r").unwrap_or(&bytes[..end]);
        Self(line[..line.len().min(SHOWN)].escape_ascii().to_string())
    }
}

impl fmt::Display for BadLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}`", self.line.0)
    }
}

impl std::error::Error for BadLine {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.error)
    }
}

/// Bytes of a line that are shown.
const SHOWN: usize = 256;
