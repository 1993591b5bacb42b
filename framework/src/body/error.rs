//! What can go wrong while a body is read.

use std::fmt;

use super::BoxError;

/// A body that could not be read to its end.
#[derive(Debug)]
pub struct BodyError {
    kind: BodyErrorKind,
    source: Option<BoxError>,
}

/// Why a body could not be read to its end.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum BodyErrorKind {
    /// It is larger than what the reader accepts, in bytes.
    TooLarge {
        /// The limit that was passed.
        limit: u64,
    },
    /// It ended before its declared end: the bytes that came, and those declared if that is known.
    Incomplete {
        /// The bytes that came.
        received: u64,
        /// The bytes that were declared.
        expected: Option<u64>,
    },
    /// The peer sent nothing for longer than the deadline allows.
    Stalled,
    /// The deadline of the whole call passed.
    Overdue,
    /// The bytes on the wire break the protocol, such as a chunk size that is no number.
    Malformed,
    /// The bytes are not what the coding of the content says.
    Undecodable,
    /// The wire failed.
    Disconnected,
    /// A stream made by somebody else failed.
    Foreign,
}

impl BodyError {
    /// An error with its cause.
    pub fn new(kind: BodyErrorKind, source: impl Into<BoxError>) -> Self {
        Self { kind, source: Some(source.into()) }
    }

    /// What it is.
    #[must_use]
    pub const fn kind(&self) -> &BodyErrorKind {
        &self.kind
    }

    /// The same error, if it was ours before it went through somebody else's hands.
    pub(super) fn of_foreign(error: impl Into<BoxError>) -> Self {
        match error.into().downcast::<Self>() {
            Ok(ours) => *ours,
            Err(foreign) => Self::new(BodyErrorKind::Foreign, foreign),
        }
    }
}

/// By their kinds: what caused them is for people.
impl PartialEq for BodyError {
    fn eq(&self, other: &Self) -> bool {
        self.kind == other.kind
    }
}

impl From<BodyErrorKind> for BodyError {
    fn from(kind: BodyErrorKind) -> Self {
        Self { kind, source: None }
    }
}

impl fmt::Display for BodyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kind {
            BodyErrorKind::TooLarge { limit } => write!(f, "the body is larger than {limit} bytes"),
            BodyErrorKind::Incomplete { received, expected: Some(expected) } => write!(
                f,
                "incomplete body: {received} bytes read, {} more expected",
                expected.saturating_sub(received)
            ),
            BodyErrorKind::Incomplete { received, expected: None } => {
                write!(f, "incomplete body: {received} bytes read, the end never came")
            }
            BodyErrorKind::Stalled => f.write_str("the body stalled for longer than its deadline"),
            BodyErrorKind::Overdue => f.write_str("the deadline of the call passed"),
            BodyErrorKind::Malformed => f.write_str("the body breaks the protocol"),
            BodyErrorKind::Undecodable => f.write_str("the coding of the body cannot be undone"),
            BodyErrorKind::Disconnected => f.write_str("the connection broke within the body"),
            BodyErrorKind::Foreign => f.write_str("the stream behind the body failed"),
        }
    }
}

impl std::error::Error for BodyError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.source.as_deref().map(|source| source as _)
    }
}
