//! What the program says: answers on stdout, failures on stderr, and an exit code.

use std::fmt;
use std::io::{self, ErrorKind, Write, stdout};
use std::process::ExitCode;

use counterpart::Fault;
use counterpart::prelude::*;
use counterpart::problem::{chain, code};

/// Why the program ends without success.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The server refused: 1.
    Refused(String),
    /// The command or a file is wrong: 2.
    Usage(String),
    /// No users API answers there, or it failed: 3.
    Server(String),
    /// Who reads our output has read enough: no failure.
    Closed,
}

impl Failure {
    /// No call can go there.
    pub(crate) fn url(fault: &Fault) -> Self {
        Self::Usage(chain(fault))
    }

    /// A file, and what is wrong with it.
    pub(crate) fn file(path: &std::path::Path, error: &dyn fmt::Display) -> Self {
        Self::Usage(format!("{}: {error}", path.display()))
    }

    /// Tells the person, and gives the exit code.
    pub(crate) fn report(self, url: &str) -> ExitCode {
        let (number, text) = match self {
            Self::Refused(text) => (1, text),
            Self::Usage(text) => (2, text),
            Self::Server(text) => (3, format!("{url}: {text}")),
            Self::Closed => return ExitCode::SUCCESS,
        };
        eprintln!("users-client: {text}");
        ExitCode::from(number)
    }
}

// ANCHOR: blame
/// Of a call: who is to blame decides.
impl<E: std::error::Error + 'static> From<CallError<E>> for Failure {
    fn from(error: CallError<E>) -> Self {
        match error {
            CallError::Api(error) if is_ours(&error) => Self::Refused(error.to_string()),
            CallError::Problem(problem) if is_elsewhere(&problem) => {
                Self::Server("there is no users API; is the URL right?".into())
            }
            CallError::Problem(problem) if !problem.status.is_server_error() => {
                Self::Refused(problem.to_string())
            }
            CallError::Status { status, .. } => {
                Self::Server(format!("there is no users API, the answer is {status}"))
            }
            error @ CallError::Unsendable(_) => Self::Usage(chain(&error)),
            other => Self::Server(chain(&other)),
        }
    }
}
// ANCHOR_END: blame

/// Whether the fault is the caller's.
fn is_ours<E: std::error::Error + 'static>(error: &E) -> bool {
    let error: &(dyn std::error::Error + 'static) = error;
    let away = matches!(error.downcast_ref(), Some(users::UserError::Unavailable));
    !away && !error.is::<users::NotReady>()
}

fn is_elsewhere(problem: &Problem) -> bool {
    let code = problem.code.as_deref();
    code == Some(code::ROUTE_NOT_FOUND) || code == Some(code::METHOD_NOT_ALLOWED)
}

/// Prints a value for people.
pub(crate) fn print(value: &impl Serialize) -> Result<(), Failure> {
    write(|out| {
        serde_json::to_writer_pretty(&mut *out, value)?;
        writeln!(out)
    })
}

/// Prints values for programs, a line each.
pub(crate) fn print_lines(values: &[impl Serialize]) -> Result<(), Failure> {
    write(|out| lines(out, values))
}

/// Writes NDJSON.
pub(crate) fn lines(out: &mut dyn Write, values: &[impl Serialize]) -> io::Result<()> {
    for value in values {
        serde_json::to_writer(&mut *out, value)?;
        out.write_all(b"\n")?;
    }
    Ok(())
}

fn write(what: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<(), Failure> {
    let mut out = stdout().lock();
    what(&mut out).and_then(|()| out.flush()).map_err(|error| unwritten(&error))
}

/// A pipe that was closed is no mistake.
pub(crate) fn unwritten(error: &io::Error) -> Failure {
    match error.kind() {
        ErrorKind::BrokenPipe => Failure::Closed,
        _ => Failure::Usage(format!("the output: {error}")),
    }
}
