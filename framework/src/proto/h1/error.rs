//! Errors of the machine: whose fault, what, and which status to answer.

use std::error::Error;
use std::fmt;

/// A breach of the protocol.
///
/// ```
/// use counterpart::proto::h1::{Blame, Conn, ErrorKind, Server};
///
/// let mut conn = Conn::<Server>::default();
/// conn.input().extend_from_slice(b"GET / HTTP/2.0\r\n\r\n");
/// let error = conn.next_event().unwrap_err();
/// assert_eq!((error.blame(), error.kind()), (Blame::Theirs, ErrorKind::UnsupportedVersion));
/// assert_eq!(error.status_hint(), 505);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ProtocolError {
    blame: Blame,
    kind: ErrorKind,
}

/// Who broke the rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Blame {
    /// The caller of this machine: a bug in the code above it.
    Ours,
    /// The other end of the wire: a server answers with the status hint, then closes.
    Theirs,
}

/// Which rule was broken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The request line is not `method SP target SP HTTP/1.x` (RFC 9112 §3).
    BadRequestLine,
    /// The status line is not `HTTP/1.x SP 3DIGIT SP reason` (RFC 9112 §4).
    BadStatusLine,
    /// The request target fits none of the four forms (RFC 9112 §3.2).
    BadTarget,
    /// A byte in the request target that may not stand there as it is; it counts from 0.
    BadTargetByte {
        /// The byte.
        byte: u8,
        /// Where in the target.
        at: usize,
    },
    /// The version is another major one than 1.
    UnsupportedVersion,
    /// A line ended with something other than CR LF (RFC 9112 §2.2).
    BadLineEnd,
    /// A field line is not `name ":" value` in allowed characters (RFC 9112 §5).
    BadField,
    /// The `Host` field is missing, repeated or not a host (RFC 9112 §3.2).
    BadHost,
    /// A `Content-Length` that is not one row of digits (RFC 9110 §8.6).
    BadContentLength,
    /// A `Content-Length` of so many digits that nobody can count to it.
    ContentLengthTooLarge,
    /// A `Transfer-Encoding` that is not `chunked`, once, in HTTP/1.1 (RFC 9112 §6.1).
    BadTransferEncoding,
    /// A transfer coding that this end cannot undo.
    UnsupportedTransferEncoding,
    /// `Content-Length` beside `Transfer-Encoding` (RFC 9112 §6.1).
    AmbiguousLength,
    /// A chunk's size line or its end breaks the grammar (RFC 9112 §7.1).
    BadChunk,
    /// More bytes of chunk extensions than the limit.
    ChunkExtensionsTooLarge {
        /// In bytes.
        limit: usize,
    },
    /// A trailer field that has no place in a trailer section (RFC 9110 §6.5.1).
    BadTrailer,
    /// The trailer section is longer than the limit.
    TrailersTooLarge {
        /// In bytes.
        limit: usize,
    },
    /// The trailer section has more fields than the limit.
    TooManyTrailers {
        /// In fields.
        limit: usize,
    },
    /// The request target is longer than the limit.
    TargetTooLong {
        /// In bytes.
        limit: usize,
    },
    /// The head is longer than the limit.
    HeadTooLarge {
        /// In bytes.
        limit: usize,
    },
    /// The head has more fields than the limit.
    TooManyFields {
        /// In fields.
        limit: usize,
    },
    /// The body is longer than the limit.
    BodyTooLarge,
    /// More interim responses than a person would wait for.
    TooManyInterim,
    /// The stream ended inside a message.
    Incomplete,
    /// The stream ended before any of an answer came.
    Disconnected,
    /// A switch to another protocol that nobody asked for.
    UnaskedSwitch,
    /// Bytes came where no message was due.
    Surplus,
    /// The caller did something out of order.
    OutOfOrder,
    /// The caller wrote more or fewer bytes than the head declared.
    LengthMismatch,
    /// The caller's head cannot be written (a forbidden character, two hosts, a wrong length).
    UnwritableHead,
}

impl ProtocolError {
    pub(super) const fn ours(kind: ErrorKind) -> Self {
        Self { blame: Blame::Ours, kind }
    }

    pub(super) const fn theirs(kind: ErrorKind) -> Self {
        Self { blame: Blame::Theirs, kind }
    }

    /// Whose fault it is.
    #[must_use]
    pub const fn blame(&self) -> Blame {
        self.blame
    }

    /// Which rule was broken.
    #[must_use]
    pub const fn kind(&self) -> ErrorKind {
        self.kind
    }

    /// The limit that was passed, if it was one that the machine keeps.
    #[must_use]
    pub const fn limit(&self) -> Option<usize> {
        match self.kind {
            ErrorKind::ChunkExtensionsTooLarge { limit }
            | ErrorKind::TrailersTooLarge { limit }
            | ErrorKind::TooManyTrailers { limit }
            | ErrorKind::TargetTooLong { limit }
            | ErrorKind::HeadTooLarge { limit }
            | ErrorKind::TooManyFields { limit } => Some(limit),
            _ => None,
        }
    }

    /// The status with which a server should answer it.
    #[must_use]
    pub const fn status_hint(&self) -> u16 {
        match (self.blame, self.kind) {
            (Blame::Ours, _) => 500,
            (_, ErrorKind::BodyTooLarge) => 413,
            (_, ErrorKind::TargetTooLong { .. }) => 414,
            (_, ErrorKind::HeadTooLarge { .. } | ErrorKind::TooManyFields { .. }) => 431,
            (_, ErrorKind::TrailersTooLarge { .. } | ErrorKind::TooManyTrailers { .. }) => 431,
            (_, ErrorKind::UnsupportedTransferEncoding) => 501,
            (_, ErrorKind::UnsupportedVersion) => 505,
            _ => 400,
        }
    }
}

impl ErrorKind {
    const fn message(self) -> &'static str {
        match self {
            Self::BadRequestLine => {
                "the request line is not a method, a target and a version, with one blank between them"
            }
            Self::BadStatusLine => "the status line is not a version, a status and a reason",
            Self::BadTarget => "the request target has none of the four forms",
            Self::BadTargetByte { .. } => {
                "the request target holds a byte that must be percent-encoded"
            }
            Self::UnsupportedVersion => "the major version of HTTP is not 1",
            Self::BadLineEnd => "a line does not end with CR LF",
            Self::BadField => "a field line is not a name, a colon and a value",
            Self::BadHost => "the `Host` field must be there once and be a host",
            Self::BadContentLength => "`Content-Length` must be one row of digits",
            Self::ContentLengthTooLarge => "`Content-Length` is larger than any body can be",
            Self::BadTransferEncoding => "`Transfer-Encoding` must be `chunked`, once, in HTTP/1.1",
            Self::UnsupportedTransferEncoding => "the only transfer coding is `chunked`",
            Self::AmbiguousLength => "`Content-Length` stands beside `Transfer-Encoding`",
            Self::BadChunk => "a chunk is not a size in hex digits, CR LF, its bytes and CR LF",
            Self::ChunkExtensionsTooLarge { .. } => "the chunk extensions are over their limit",
            Self::BadTrailer => "a trailer carries a field that belongs in the head",
            Self::TrailersTooLarge { .. } => "the trailers are over their limit",
            Self::TooManyTrailers { .. } => "there are too many trailers",
            Self::TargetTooLong { .. } => "the request target is over its limit",
            Self::HeadTooLarge { .. } => "the head is over its limit",
            Self::TooManyFields { .. } => "the head has too many fields",
            Self::BodyTooLarge => "the body is over its limit",
            Self::TooManyInterim => "too many interim responses",
            Self::Incomplete => "the connection ended inside a message",
            Self::Disconnected => "the connection ended before an answer came",
            Self::UnaskedSwitch => "the protocol was switched without being asked",
            Self::Surplus => "bytes came where no message was due",
            Self::OutOfOrder => "this step is not allowed in this state",
            Self::LengthMismatch => "the body does not have the length its head declared",
            Self::UnwritableHead => "the head holds something that cannot be written",
        }
    }
}

impl fmt::Display for ProtocolError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.kind.message())?;
        match self.kind {
            ErrorKind::BadTargetByte { byte, at } => {
                write!(f, ": `{}` at byte {at}", byte.escape_ascii())
            }
            ErrorKind::TooManyFields { limit } | ErrorKind::TooManyTrailers { limit } => {
                write!(f, ": more than {limit}")
            }
            _ => match self.limit() {
                Some(limit) => write!(f, " of {limit} bytes"),
                None => Ok(()),
            },
        }
    }
}

impl Error for ProtocolError {}
