//! Refusals: what a server answers to a request that never reaches its service.

use http::{StatusCode, header};

use crate::message::Response;
use crate::problem::{Problem, code};
use crate::proto::h1::ProtocolError;

/// The answer to bytes that break a rule.
pub(super) fn of_error(error: &ProtocolError) -> Response {
    let status = StatusCode::from_u16(error.status_hint()).unwrap_or(StatusCode::BAD_REQUEST);
    let code = match status {
        StatusCode::PAYLOAD_TOO_LARGE
        | StatusCode::URI_TOO_LONG
        | StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE => code::TOO_LARGE,
        StatusCode::INTERNAL_SERVER_ERROR => code::INTERNAL,
        StatusCode::NOT_IMPLEMENTED => code::NOT_IMPLEMENTED,
        StatusCode::HTTP_VERSION_NOT_SUPPORTED => code::VERSION_NOT_SUPPORTED,
        _ => code::MALFORMED,
    };
    let problem = Problem::new(status).code(code).detail(error.to_string());
    match error.limit() {
        Some(limit) => problem.member("limit", &limit).into_response(),
        None => problem.into_response(),
    }
}

/// The answer to a body of more bytes than are taken.
pub(super) fn of_large_body(limit: u64) -> Response {
    Problem::new(StatusCode::PAYLOAD_TOO_LARGE)
        .code(code::TOO_LARGE)
        .detail(format!("the body is larger than {limit} bytes"))
        .member("limit", &limit)
        .into_response()
}

/// The answer to a body that stops coming, or comes too slowly.
pub(super) fn of_slow_body() -> Response {
    let problem = Problem::new(StatusCode::REQUEST_TIMEOUT).code(code::TIMEOUT);
    problem.detail("the body of the request did not come in time").into_response()
}

/// The answer in the place of a handler that was too slow.
pub(super) fn of_slow_handler() -> Response {
    let problem = Problem::new(StatusCode::GATEWAY_TIMEOUT).code(code::TIMEOUT);
    problem.detail("the handler did not answer in time").into_response()
}

/// The answer to a request for another host than ours (RFC 9110 §15.5.20).
pub(super) fn of_foreign_host() -> Response {
    let problem = Problem::new(StatusCode::MISDIRECTED_REQUEST).code(code::MISDIRECTED);
    problem
        .detail("the host of the request is none of those that this server answers for")
        .into_response()
}

/// The answer to a head that does not come to its end in time.
pub(super) fn of_slow_head() -> Response {
    let problem = Problem::new(StatusCode::REQUEST_TIMEOUT).code(code::TIMEOUT);
    problem.detail("the head of the request did not come in time").into_response()
}

/// The answer to a request for what is there in another protocol alone, the one that `switching` would have begun
/// (RFC 9110 §15.5.22).
pub(super) fn of_no_upgrade(switching: &Response) -> Response {
    let protocol = switching.fields.get_str("upgrade").unwrap_or_default();
    let ask = format!("ask with `Upgrade: {protocol}` and `Connection: upgrade`, and no content");
    let problem = Problem::new(StatusCode::UPGRADE_REQUIRED).code(code::UPGRADE_REQUIRED);
    let mut response = problem.detail(ask).into_response();
    let how = [header::UPGRADE, header::CONNECTION];
    for (name, value) in switching.fields.made().iter().filter(|(name, _)| how.contains(name)) {
        response.fields.append(name.clone(), value.clone());
    }
    response
}

/// The answer to CONNECT: this is no proxy.
pub(super) fn of_connect() -> Response {
    let problem = Problem::new(StatusCode::NOT_IMPLEMENTED).code(code::NOT_IMPLEMENTED);
    problem.detail("this server is not a proxy").into_response()
}
