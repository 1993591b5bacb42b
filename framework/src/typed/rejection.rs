//! Rejections: one table of all that can be wrong with a request before a handler sees it.

use http::{HeaderValue, StatusCode, header};

use crate::problem::{Invalid, Place, Problem, code};

/// 404: no route has this path.
#[must_use]
pub fn not_found(path: &str) -> Problem {
    let path = super::text::shortened(path);
    Problem::new(StatusCode::NOT_FOUND)
        .code(code::ROUTE_NOT_FOUND)
        .detail(format!("no route has the path `{path}`"))
}

/// 405: the path has routes, none of this method.
#[must_use]
pub fn method_not_allowed(method: &str, allow: HeaderValue) -> Problem {
    let allowed = String::from_utf8_lossy(allow.as_bytes()).into_owned();
    let method = super::text::shortened(method);
    Problem::new(StatusCode::METHOD_NOT_ALLOWED)
        .code(code::METHOD_NOT_ALLOWED)
        .detail(format!("`{method}` is not among {allowed}"))
        .with_field(header::ALLOW, allow)
}

/// 501: a tunnel was asked for, which no route can be.
#[must_use]
pub fn no_proxy() -> Problem {
    Problem::new(StatusCode::NOT_IMPLEMENTED)
        .code(code::NOT_IMPLEMENTED)
        .detail("this server is not a proxy")
}

/// 415: the content is not JSON, or does not say so.
#[must_use]
pub fn unsupported_media_type(found: Option<&str>) -> Problem {
    let found = found.map_or_else(
        || "no content type was given".to_owned(),
        |found| format!("the content type is `{}`", super::text::shortened(found)),
    );
    Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE)
        .code(code::UNSUPPORTED_MEDIA_TYPE)
        .detail(format!("{found}; this route takes `application/json`"))
        .with_field(header::ACCEPT, HeaderValue::from_static("application/json"))
}

/// 415: the content is compressed, which no route takes (RFC 9110 §8.4).
#[must_use]
pub fn unsupported_coding(coding: &str) -> Problem {
    let coding = super::text::shortened(coding);
    Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE)
        .code(code::UNSUPPORTED_MEDIA_TYPE)
        .detail(format!("the content is coded as `{coding}`; this route takes it as it is"))
        .with_field(header::ACCEPT_ENCODING, HeaderValue::from_static("identity"))
}

/// 400 or 422: everything that is wrong in path, query, fields and content, in one answer.
///
/// 422 when all mistakes are in the shape of the content, 400 when any is not.
#[must_use]
pub fn invalid(errors: Vec<Invalid>) -> Problem {
    let of_shape = |error: &Invalid| error.place == Place::Body && error.code != "syntax";
    let status = if errors.iter().all(of_shape) {
        StatusCode::UNPROCESSABLE_ENTITY
    } else {
        StatusCode::BAD_REQUEST
    };
    let detail = match &errors[..] {
        [one] => one.to_string(),
        several => format!("{} things are wrong with the request", several.len()),
    };
    let mut problem = Problem::new(status).code(code::INVALID_REQUEST).detail(detail);
    problem.errors = errors;
    problem
}
