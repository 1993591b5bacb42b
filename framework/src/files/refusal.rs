//! Why a request gets no file, and how that is told: as a page to a browser, as a problem to a program.

use std::io;

use http::{HeaderValue, StatusCode, header};

use super::asked::Asked;
use super::find::no_descriptors;
use super::page;
use super::target::Mistake;
use crate::message::Response;
use crate::problem::{MEDIA_TYPE, Problem, code};

/// Why there is no file.
#[derive(Debug)]
pub(super) enum Refusal {
    /// What the status alone says, in words and in a code.
    Plain(StatusCode, Option<&'static str>, &'static str),
    /// The range is beyond the end of a file of this size.
    Range(u64),
    /// The server could not read.
    Trouble(io::Error),
}

impl Refusal {
    pub(super) const NOTHING: Self =
        Self::Plain(StatusCode::NOT_FOUND, None, "there is no such file");
    pub(super) const METHOD: Self = Self::Plain(
        StatusCode::METHOD_NOT_ALLOWED,
        Some(code::METHOD_NOT_ALLOWED),
        "files are read, by GET or HEAD, and nothing else",
    );
    pub(super) const PRECONDITION: Self =
        Self::Plain(StatusCode::PRECONDITION_FAILED, None, "the file is in another state by now");
    pub(super) const EXPECTATION: Self = Self::Plain(
        StatusCode::EXPECTATION_FAILED,
        Some(code::EXPECTATION_FAILED),
        "the only expectation that can be met is `100-continue`",
    );
    const MALFORMED: Self = Self::Plain(
        StatusCode::BAD_REQUEST,
        Some(code::MALFORMED),
        "in the path a `%` is not followed by two hexadecimal digits",
    );

    /// The answer to it.
    pub(super) fn answer(self, asked: &Asked) -> Response {
        let problem = self.problem();
        let (status, detail) = (problem.status, problem.detail.clone().unwrap_or_default());
        let mut response = problem.into_response();
        if asked.prefers("text/html", MEDIA_TYPE) {
            response.body = page::refusal(status, &detail).into();
            page::describe(&mut response.fields);
        }
        response.fields.append(header::VARY, HeaderValue::from_static("accept"));
        response
    }

    fn problem(self) -> Problem {
        match self {
            Self::Plain(status, code, detail) => {
                let mut problem = Problem::new(status).detail(detail);
                problem.code = code.map(str::to_owned);
                match status {
                    StatusCode::METHOD_NOT_ALLOWED => problem.with_field(header::ALLOW, ALLOW),
                    _ => problem,
                }
            }
            Self::Range(size) => {
                let problem = Problem::new(StatusCode::RANGE_NOT_SATISFIABLE)
                    .detail(format!("the file has {size} bytes"))
                    .member("size", &size);
                match HeaderValue::from_maybe_shared(format!("bytes */{size}")) {
                    Ok(told) => problem.with_field(header::CONTENT_RANGE, told),
                    Err(_) => problem,
                }
            }
            Self::Trouble(error) => {
                tracing::error!(target: "counterpart", "a file could not be read: {error}");
                if no_descriptors(&error) {
                    Problem::new(StatusCode::SERVICE_UNAVAILABLE).code(code::UNAVAILABLE)
                } else {
                    Problem::internal()
                }
            }
        }
    }
}

impl From<Mistake> for Refusal {
    fn from(mistake: Mistake) -> Self {
        match mistake {
            Mistake::Malformed => Self::MALFORMED,
            Mistake::NotFound => Self::NOTHING,
        }
    }
}

impl From<io::Error> for Refusal {
    fn from(error: io::Error) -> Self {
        Self::Trouble(error)
    }
}

/// What can be done with a file.
pub(super) const ALLOW: HeaderValue = HeaderValue::from_static("GET, HEAD, OPTIONS");
