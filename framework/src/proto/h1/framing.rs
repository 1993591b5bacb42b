//! Framing: how long a body is. One function decides it for both roles (RFC 9112 §6.3).
//!
//! The two roles differ in exactly five points, and these stand in [`Rules`] and nowhere else:
//!
//! 1. `Content-Length` beside `Transfer-Encoding`: a server refuses it, as it is the mark of request
//!    smuggling; a client lets the coding win and does not use the connection again.
//! 2. Equal `Content-Length`s: a server refuses them too; a client takes them for one.
//! 3. What stands after a chunk's size: a server takes extensions by their grammar; a client takes blanks too, which
//!    old servers write, and whatever extensions.
//! 4. A body that lasts until the stream ends: only responses can have it.
//! 5. Trailers that have no place there: a server refuses them, as somebody behind it might heed them; a client, who has
//!    its answer, leaves them out.

use http::{Method, StatusCode, Version};

use super::error::{ErrorKind, ProtocolError};
use super::known::{Coding, Facts, Lengths};
use super::role::Side;

/// How the end of a body is found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Framing {
    /// There is no body.
    Empty,
    /// So many bytes, at least one.
    Sized(u64),
    /// Chunks, each with its size before it (RFC 9112 §7.1).
    Chunked,
    /// All bytes until the stream ends.
    UntilClose,
}

/// What the sender of a body knows of its length.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Length {
    /// There is no body, and none is meant.
    Absent,
    /// So many bytes, maybe zero.
    Known(u64),
    /// It will show.
    Unknown,
}

/// The five points in which the roles differ.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rules {
    coding_beats_length: bool,
    equal_lengths_are_one: bool,
    pub(super) anything_after_chunk_size: bool,
    until_close: bool,
    pub(super) leaves_trailers_out: bool,
}

/// Whose body it is: what the length depends on besides the fields.
#[derive(Debug, Clone, Copy)]
pub(super) enum Subject<'a> {
    Request,
    Response { status: StatusCode, to: &'a Asked },
}

/// What must be remembered of a request to understand its response.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Asked {
    Head,
    Connect,
    #[default]
    Other,
}

/// A body's framing, and whether the connection may be used after it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Decision {
    pub(super) framing: Framing,
    pub(super) reusable: bool,
}

impl Rules {
    pub(super) const fn of(reader: Side) -> Self {
        let client = matches!(reader, Side::Client);
        Self {
            coding_beats_length: client,
            equal_lengths_are_one: client,
            anything_after_chunk_size: client,
            until_close: client,
            leaves_trailers_out: client,
        }
    }
}

impl Asked {
    pub(super) fn of(method: &Method) -> Self {
        match *method {
            Method::HEAD => Self::Head,
            Method::CONNECT => Self::Connect,
            _ => Self::Other,
        }
    }
}

/// Decides how a received body is framed. The numbers are those of RFC 9112 §6.3.
///
/// # Errors
/// If the length is ambiguous or cannot be known.
pub(super) fn decide(
    reader: Side,
    subject: Subject<'_>,
    facts: &Facts,
) -> Result<Decision, ProtocolError> {
    let rules = Rules::of(reader);
    let plain = |framing| Ok(Decision { framing, reusable: true });
    // 1, 2. Responses that never have a body, whatever their fields say.
    if let Subject::Response { status, to } = subject
        && is_bodiless(status, *to)
    {
        return plain(Framing::Empty);
    }
    // 3. Both fields: the coding overrides the length, or the message is refused.
    let both = facts.coding != Coding::None && facts.lengths != Lengths::None;
    if both && !rules.coding_beats_length {
        return Err(ProtocolError::theirs(ErrorKind::AmbiguousLength));
    }
    // 4. A coding: `chunked` alone, and not in HTTP/1.0, which does not know it.
    match facts.coding {
        Coding::None => {}
        Coding::Chunked if facts.version == Version::HTTP_11 => {
            return Ok(Decision { framing: Framing::Chunked, reusable: !both });
        }
        Coding::Foreign if facts.version == Version::HTTP_11 => {
            return Err(ProtocolError::theirs(ErrorKind::UnsupportedTransferEncoding));
        }
        _ => return Err(ProtocolError::theirs(ErrorKind::BadTransferEncoding)),
    }
    match facts.lengths {
        // 6. One valid length.
        Lengths::One(n) => plain(sized(n)),
        Lengths::Equal(n) if rules.equal_lengths_are_one => plain(sized(n)),
        Lengths::Huge => Err(ProtocolError::theirs(ErrorKind::ContentLengthTooLarge)),
        // 5. Any other is unrecoverable.
        Lengths::Equal(_) | Lengths::Bad => Err(ProtocolError::theirs(ErrorKind::BadContentLength)),
        // 8. A response lasts until the stream ends.
        Lengths::None if rules.until_close => {
            Ok(Decision { framing: Framing::UntilClose, reusable: false })
        }
        // 7. A request has no body.
        Lengths::None => plain(Framing::Empty),
    }
}

/// Decides how our own body is framed.
///
/// `chunks` is whether the other party understands chunks.
pub(super) fn choose(
    writer: Side,
    length: Length,
    chunks: bool,
) -> Result<Decision, ProtocolError> {
    let plain = |framing| Ok(Decision { framing, reusable: true });
    match (length, writer) {
        (Length::Absent | Length::Known(0), _) => plain(Framing::Empty),
        (Length::Known(n), _) => plain(Framing::Sized(n)),
        (Length::Unknown, _) if chunks => plain(Framing::Chunked),
        (Length::Unknown, Side::Server) => {
            Ok(Decision { framing: Framing::UntilClose, reusable: false })
        }
        (Length::Unknown, Side::Client) => Err(ProtocolError::ours(ErrorKind::UnwritableHead)),
    }
}

/// Whether a response has no body by its status or by what was asked.
pub(super) fn is_bodiless(status: StatusCode, to: Asked) -> bool {
    status.is_informational()
        || matches!(status, StatusCode::NO_CONTENT | StatusCode::NOT_MODIFIED)
        || to == Asked::Head
        || (to == Asked::Connect && status.is_success())
}

const fn sized(n: u64) -> Framing {
    if n == 0 { Framing::Empty } else { Framing::Sized(n) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts(fields: &[(&str, &str)]) -> Facts {
        let mut facts = Facts::new(Version::HTTP_11);
        for (name, value) in fields {
            facts.note(name.as_bytes(), value.as_bytes(), 0);
        }
        facts
    }

    const BOTH: [(&str, &str); 2] = [("content-length", "3"), ("transfer-encoding", "chunked")];
    const TWICE: [(&str, &str); 2] = [("content-length", "3"), ("content-length", "3")];

    fn response(fields: &[(&str, &str)], status: StatusCode) -> Result<Decision, ProtocolError> {
        decide(Side::Client, Subject::Response { status, to: &Asked::Other }, &facts(fields))
    }

    fn request(fields: &[(&str, &str)]) -> Result<Framing, ErrorKind> {
        let decision = decide(Side::Server, Subject::Request, &facts(fields));
        decision.map(|decision| decision.framing).map_err(|error| error.kind())
    }

    #[test]
    fn the_first_difference_is_both_fields() {
        assert_eq!(request(&BOTH), Err(ErrorKind::AmbiguousLength));
        let decision = response(&BOTH, StatusCode::OK).unwrap();
        assert_eq!(decision, Decision { framing: Framing::Chunked, reusable: false });
    }

    #[test]
    fn the_second_difference_is_equal_lengths() {
        assert_eq!(request(&TWICE), Err(ErrorKind::BadContentLength));
        assert_eq!(response(&TWICE, StatusCode::OK).unwrap().framing, Framing::Sized(3));
    }

    #[test]
    fn the_fourth_difference_is_the_end_of_the_stream() {
        assert_eq!(request(&[]), Ok(Framing::Empty));
        let decision = response(&[], StatusCode::OK).unwrap();
        assert_eq!(decision, Decision { framing: Framing::UntilClose, reusable: false });
    }

    #[test]
    fn some_responses_have_no_body_whatever_they_say() {
        for status in [StatusCode::NO_CONTENT, StatusCode::NOT_MODIFIED, StatusCode::CONTINUE] {
            assert_eq!(response(&BOTH, status).unwrap().framing, Framing::Empty);
        }
    }

    #[test]
    fn codings_are_for_http_1_1() {
        let mut old = facts(&[("transfer-encoding", "chunked")]);
        old.version = Version::HTTP_10;
        let error = decide(Side::Server, Subject::Request, &old).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::BadTransferEncoding);
        assert_eq!(
            request(&[("transfer-encoding", "gzip")]),
            Err(ErrorKind::UnsupportedTransferEncoding)
        );
    }
}
