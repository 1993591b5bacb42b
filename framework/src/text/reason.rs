//! Reason phrases as RFC 9110 has them.

use http::StatusCode;

/// The phrase of a status, empty for one that no RFC knows; `http` has two by the names of an older RFC.
///
/// ```
/// # use counterpart::{http::StatusCode, text::reason};
/// assert_eq!(reason::phrase(StatusCode::UNPROCESSABLE_ENTITY), "Unprocessable Content");
/// ```
#[must_use]
pub fn phrase(status: StatusCode) -> &'static str {
    match status {
        StatusCode::PAYLOAD_TOO_LARGE => "Content Too Large",
        StatusCode::UNPROCESSABLE_ENTITY => "Unprocessable Content",
        other => other.canonical_reason().unwrap_or_default(),
    }
}
