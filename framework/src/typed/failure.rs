//! Failures: the server's own mistakes, told to the client by an id, and to the log by that id and the cause.

use std::hash::{BuildHasher, Hasher, RandomState};

use crate::problem::Problem;
use crate::text::Fields;

/// Gives a problem of the server's own its trace id, and the log its cause.
pub fn log_failure(problem: &mut Problem, cause: &str, traceparent: Option<&str>, route: &str) {
    let trace_id = trace_id(traceparent);
    tracing::error!(target: "counterpart", %trace_id, route, "{cause}");
    problem.trace_id = Some(trace_id);
}

/// The field that names the trace a request belongs to (W3C Trace Context).
#[must_use]
pub fn traceparent(fields: &Fields) -> Option<&str> {
    fields.get_str("traceparent")
}

/// The trace id of the request, or a random one.
fn trace_id(traceparent: Option<&str>) -> String {
    let given = traceparent.and_then(|parent| parent.split('-').nth(1));
    let valid = |id: &&str| id.len() == 32 && id.bytes().all(|byte| byte.is_ascii_hexdigit());
    given.filter(valid).map_or_else(random_id, str::to_owned)
}

/// The keys of the standard library's hasher are random for each process and differ for each state.
fn random_id() -> String {
    let half = || RandomState::new().build_hasher().finish();
    format!("{:016x}{:016x}", half(), half())
}
