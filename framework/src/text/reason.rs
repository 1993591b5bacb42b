//! Statuses in words: reason phrases and descriptions of all that the IANA registry lists.

use http::StatusCode;

/// The phrase of a status as the registry has it, empty for one that it does not list; `http` calls some by the names
/// of an older RFC.
///
/// ```
/// # use counterpart::{http::StatusCode, text::reason};
/// assert_eq!(reason::phrase(StatusCode::UNPROCESSABLE_ENTITY), "Unprocessable Content");
/// assert_eq!(reason::phrase(StatusCode::from_u16(599).unwrap()), "");
/// ```
#[must_use]
pub const fn phrase(status: StatusCode) -> &'static str {
    words(status.as_u16()).0
}

/// What a status means, in a sentence for people; empty for one that the registry does not list.
///
/// ```
/// # use counterpart::{http::StatusCode, text::reason};
/// assert_eq!(reason::description(StatusCode::NOT_FOUND), "nothing is known under this target");
/// ```
#[must_use]
pub const fn description(status: StatusCode) -> &'static str {
    words(status.as_u16()).1
}

/// What the first digit of a status says (RFC 9110 §15).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Class {
    /// 1xx: an interim answer; the final one follows.
    Informational,
    /// 2xx: the request was received, understood and accepted.
    Successful,
    /// 3xx: more is to be done to fulfil the request.
    Redirection,
    /// 4xx: the request is at fault.
    ClientError,
    /// 5xx: the server is.
    ServerError,
    /// 6xx to 9xx, which no RFC gives a meaning; to be treated as 5xx.
    Unknown,
}

/// The class of a status.
#[must_use]
pub const fn class(status: StatusCode) -> Class {
    match status.as_u16() / 100 {
        1 => Class::Informational,
        2 => Class::Successful,
        3 => Class::Redirection,
        4 => Class::ClientError,
        5 => Class::ServerError,
        _ => Class::Unknown,
    }
}

#[rustfmt::skip]
const fn words(status: u16) -> (&'static str, &'static str) {
    match status {
        100 => ("Continue", "the head is accepted; the content may be sent"),
        101 => ("Switching Protocols", "the connection goes on in the protocol that the client asked for"),
        102 => ("Processing", "the request is accepted and not answered yet"),
        103 => ("Early Hints", "fields that the final answer will probably have"),
        104 => ("Upload Resumption Supported", "an upload that breaks off can be resumed"),
        200 => ("OK", "the request succeeded"),
        201 => ("Created", "something new was made"),
        202 => ("Accepted", "the request will be acted upon later"),
        203 => ("Non-Authoritative Information", "a proxy changed what the origin answered"),
        204 => ("No Content", "the request succeeded, and there is nothing to say"),
        205 => ("Reset Content", "the request succeeded; the form may be cleared"),
        206 => ("Partial Content", "a part of the content, as was asked for"),
        207 => ("Multi-Status", "an answer for each of several resources"),
        208 => ("Already Reported", "a member that was listed before"),
        226 => ("IM Used", "the content as changes to what the client has"),
        300 => ("Multiple Choices", "there are several representations to choose from"),
        301 => ("Moved Permanently", "it has another target for good"),
        302 => ("Found", "it has another target for now"),
        303 => ("See Other", "the answer is found with GET at another target"),
        304 => ("Not Modified", "what the client has is still current"),
        305 => ("Use Proxy", "it was reached through a proxy, long ago"),
        306 => ("(Unused)", "it meant something, long ago"),
        307 => ("Temporary Redirect", "it has another target for now; the method stays"),
        308 => ("Permanent Redirect", "it has another target for good; the method stays"),
        400 => ("Bad Request", "the request is malformed"),
        401 => ("Unauthorized", "the request lacks valid credentials"),
        402 => ("Payment Required", "reserved for payments"),
        403 => ("Forbidden", "the request is understood and refused"),
        404 => ("Not Found", "nothing is known under this target"),
        405 => ("Method Not Allowed", "the target does not take this method"),
        406 => ("Not Acceptable", "there is no representation that the client accepts"),
        407 => ("Proxy Authentication Required", "the proxy asks for credentials"),
        408 => ("Request Timeout", "the request did not come in time"),
        409 => ("Conflict", "the request conflicts with the state of its target"),
        410 => ("Gone", "it was here, and will not come back"),
        411 => ("Length Required", "the content must have a length"),
        412 => ("Precondition Failed", "a condition of the request does not hold"),
        413 => ("Content Too Large", "the content is over a limit"),
        414 => ("URI Too Long", "the target is over a limit"),
        415 => ("Unsupported Media Type", "the content is of a type that the target does not take"),
        416 => ("Range Not Satisfiable", "the range lies outside of the content"),
        417 => ("Expectation Failed", "the expectation of the request cannot be met"),
        418 => ("I'm a teapot", "a joke of 1998, and reserved since"),
        421 => ("Misdirected Request", "this server does not answer for the host"),
        422 => ("Unprocessable Content", "the content is well-formed and makes no sense here"),
        423 => ("Locked", "the target is locked"),
        424 => ("Failed Dependency", "it depended on a request that failed"),
        425 => ("Too Early", "the request could be a replay"),
        426 => ("Upgrade Required", "the server answers in another protocol only"),
        428 => ("Precondition Required", "the request must be conditional"),
        429 => ("Too Many Requests", "the client asks too often"),
        431 => ("Request Header Fields Too Large", "the fields are over a limit"),
        451 => ("Unavailable For Legal Reasons", "it may not be shown by law"),
        500 => ("Internal Server Error", "the server made a mistake"),
        501 => ("Not Implemented", "the server cannot do this"),
        502 => ("Bad Gateway", "the server behind gave an invalid answer"),
        503 => ("Service Unavailable", "the server cannot answer for now"),
        504 => ("Gateway Timeout", "the answer did not come in time"),
        505 => ("HTTP Version Not Supported", "the server does not speak this version of HTTP"),
        506 => ("Variant Also Negotiates", "the negotiation leads in a circle"),
        507 => ("Insufficient Storage", "there is no room to store it"),
        508 => ("Loop Detected", "the request leads in a circle"),
        510 => ("Not Extended", "a declared extension is not supported"),
        511 => ("Network Authentication Required", "the network asks for credentials"),
        _ => ("", ""),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all() -> impl Iterator<Item = StatusCode> {
        (100..=999).filter_map(|code| StatusCode::from_u16(code).ok())
    }

    /// C64, S25: every registered status has a phrase, a description and a class.
    #[test]
    fn statuses_have_words() {
        for status in all() {
            assert_eq!(phrase(status).is_empty(), description(status).is_empty(), "{status}");
            assert_eq!(class(status) == Class::Successful, status.is_success(), "{status}");
        }
        assert_eq!(all().filter(|&status| !phrase(status).is_empty()).count(), 64);
        assert_eq!(class(StatusCode::from_u16(600).unwrap()), Class::Unknown);
    }

    #[test]
    fn others_call_them_the_same() {
        for status in all() {
            let (ours, theirs) = (phrase(status), status.canonical_reason());
            // Words of older RFCs, which `http` keeps.
            if !matches!(status.as_u16(), 203 | 413 | 422) {
                assert!(theirs.is_none_or(|theirs| theirs == ours), "{status}: {ours}");
            }
        }
    }
}
