//! Faults: why there is no response. The one error of every client.

use std::fmt;
use std::io;

use http::{Method, StatusCode};

use super::tls::TlsProblem;
use crate::body::{BodyError, BodyErrorKind, BoxError};
use crate::problem::{Problem, chain, code};
use crate::proto::h1::{ErrorKind, ProtocolError};

/// Why there is no response: what kind of fault, in which call, and its causes.
///
/// ```
/// use counterpart::Fault;
/// use counterpart::service::{FaultKind, Phase};
///
/// let fault = Fault::from(FaultKind::Incomplete { received: 7, expected: Some(10) });
/// assert_eq!(fault.to_string(), "the answer is incomplete: 7 bytes read, 3 more expected");
/// assert!(fault.is_body() && !fault.is_timeout());
/// ```
#[derive(Debug)]
pub struct Fault {
    kind: FaultKind,
    details: Option<Box<Details>>,
}

/// What is not always known, kept out of the way: a fault is handed through many hands.
#[derive(Debug, Default)]
struct Details {
    source: Option<BoxError>,
    call: Option<(Method, Box<str>)>,
}

/// What kind of fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum FaultKind {
    /// The address is no URL, or none that this client can call.
    InvalidUrl,
    /// The request cannot be sent as it is.
    InvalidRequest,
    /// The connection was closed before; nothing was sent. Connect anew.
    NotConnected,
    /// No connection came about.
    Connect,
    /// The proxy made no tunnel; the fault's cause tells what it answered.
    Proxy(StatusCode),
    /// There is a connection, but TLS did not come about on it, or broke.
    Tls(TlsProblem),
    /// A deadline passed.
    Timeout(Phase),
    /// The peer closed the connection before it answered.
    Disconnected {
        /// The connection had served another request before.
        reused: bool,
    },
    /// The answer breaks the protocol; [`Fault::protocol`] tells which rule.
    Malformed,
    /// The answer ended before its declared end.
    Incomplete {
        /// The bytes of its content that came; if it ended within its head, those of the head.
        received: u64,
        /// The bytes that its head declared, if it did.
        expected: Option<u64>,
    },
    /// The answer is over a limit of ours.
    TooLarge,
    /// The request's own content failed, or was not of the length that was declared.
    Content,
    /// The peer answered before it had the whole request, which was not sent to its end.
    Answered,
    /// The answer redirects to where it is not followed.
    Redirect,
    /// The peer did not switch to another protocol.
    NotUpgraded,
    /// The answer is not what it was taken for, such as JSON, or not what its coding says.
    Decode,
    /// The answer's status says that the request failed.
    Status(StatusCode),
    /// The wire failed.
    Io,
    /// The service is stopping, or cannot do this.
    Unavailable,
}

/// What was waited for when a deadline passed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Phase {
    /// A turn, where the connections to a server are counted.
    Pool,
    /// The addresses of a name.
    Resolve,
    /// A connection.
    Connect,
    /// The handshake of TLS on it.
    Tls,
    /// The peer taking our bytes.
    Send,
    /// The go-ahead for the request's content. No call fails of it: the content is sent then all the same.
    Expect,
    /// The head of the answer.
    Head,
    /// The next bytes of the answer's content.
    Body,
    /// The whole call.
    Total,
}

impl Fault {
    /// A fault with its cause.
    pub fn new(kind: FaultKind, source: impl Into<BoxError>) -> Self {
        let details = Details { source: Some(source.into()), call: None };
        Self { kind, details: Some(Box::new(details)) }
    }

    /// The same fault, met in a call of this method and URL. A name and a password in the URL are left out; that a
    /// call is known already is not changed.
    #[must_use]
    pub fn in_call(mut self, method: &Method, url: &str) -> Self {
        let details = self.details.get_or_insert_default();
        details.call.get_or_insert_with(|| (method.clone(), without_userinfo(url).into()));
        self
    }

    /// What kind it is.
    #[must_use]
    pub const fn kind(&self) -> FaultKind {
        self.kind
    }

    /// The cause, if it has one.
    #[must_use]
    pub fn cause(&self) -> Option<&(dyn std::error::Error + Send + Sync + 'static)> {
        self.details.as_ref()?.source.as_deref()
    }

    /// The method of the call in which it was met, where that is known.
    #[must_use]
    pub fn method(&self) -> Option<&Method> {
        self.call().map(|(method, _)| method)
    }

    /// The URL of the call in which it was met, where that is known; never with a name or a password.
    #[must_use]
    pub fn url(&self) -> Option<&str> {
        self.call().map(|(_, url)| &**url)
    }

    /// Which rule of the protocol was broken, if it was one.
    #[must_use]
    pub fn protocol(&self) -> Option<ErrorKind> {
        let mut next = self.cause().map(|cause| cause as &(dyn std::error::Error + 'static));
        while let Some(error) = next {
            if let Some(error) = error.downcast_ref::<ProtocolError>() {
                return Some(error.kind());
            }
            next = error.source();
        }
        None
    }

    /// The status that says that the request failed, if that is what it is.
    #[must_use]
    pub const fn status(&self) -> Option<StatusCode> {
        match self.kind {
            FaultKind::Status(status) => Some(status),
            _ => None,
        }
    }

    /// Whether a deadline passed.
    #[must_use]
    pub const fn is_timeout(&self) -> bool {
        matches!(self.kind, FaultKind::Timeout(_))
    }

    /// Whether no connection came about, so that nothing was sent.
    #[must_use]
    pub const fn is_connect(&self) -> bool {
        matches!(
            self.kind,
            FaultKind::Connect
                | FaultKind::NotConnected
                | FaultKind::Proxy(_)
                | FaultKind::Timeout(Phase::Pool | Phase::Resolve | Phase::Connect | Phase::Tls)
        )
    }

    /// Whether TLS did not come about, or broke.
    #[must_use]
    pub const fn is_tls(&self) -> bool {
        matches!(self.kind, FaultKind::Tls(_))
    }

    /// Whether content failed: ours, or that of an answer whose head came.
    #[must_use]
    pub const fn is_body(&self) -> bool {
        matches!(
            self.kind,
            FaultKind::Content | FaultKind::Incomplete { .. } | FaultKind::Timeout(Phase::Body)
        )
    }

    /// Whether an answer that came whole could not be understood.
    #[must_use]
    pub const fn is_decode(&self) -> bool {
        matches!(self.kind, FaultKind::Decode)
    }

    /// Whether it is the answer's status that says so.
    #[must_use]
    pub const fn is_status(&self) -> bool {
        matches!(self.kind, FaultKind::Status(_))
    }

    fn call(&self) -> Option<&(Method, Box<str>)> {
        self.details.as_ref()?.call.as_ref()
    }
}

/// What stands between the scheme and the last `@` of the authority is nobody's business.
fn without_userinfo(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else { return url.to_owned() };
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    match rest[..end].rfind('@') {
        Some(at) => format!("{scheme}://{}", &rest[at + 1..]),
        None => url.to_owned(),
    }
}

/// The answer of a server whose service has none: 504 for a deadline, 503 for what is not there, else 500.
impl From<&Fault> for Problem {
    fn from(fault: &Fault) -> Self {
        match fault.kind {
            FaultKind::Timeout(_) => Self::new(StatusCode::GATEWAY_TIMEOUT).code(code::TIMEOUT),
            FaultKind::Unavailable => {
                Self::new(StatusCode::SERVICE_UNAVAILABLE).code(code::UNAVAILABLE)
            }
            _ => Self::internal(),
        }
    }
}

impl From<FaultKind> for Fault {
    fn from(kind: FaultKind) -> Self {
        Self { kind, details: None }
    }
}

impl From<BodyError> for Fault {
    fn from(error: BodyError) -> Self {
        let kind = match *error.kind() {
            BodyErrorKind::TooLarge { .. } => FaultKind::TooLarge,
            BodyErrorKind::Incomplete { received, expected } => {
                FaultKind::Incomplete { received, expected }
            }
            BodyErrorKind::Stalled => FaultKind::Timeout(Phase::Body),
            BodyErrorKind::Overdue => FaultKind::Timeout(Phase::Total),
            BodyErrorKind::Malformed => FaultKind::Malformed,
            BodyErrorKind::Undecodable => FaultKind::Decode,
            BodyErrorKind::Disconnected => FaultKind::Io,
            BodyErrorKind::Foreign => FaultKind::Content,
        };
        Self::new(kind, error)
    }
}

/// An error of a wire that knows of which kind it is, such as one of TLS, is the fault that is inside.
impl From<io::Error> for Fault {
    fn from(error: io::Error) -> Self {
        error.downcast::<Self>().unwrap_or_else(|error| Self::new(FaultKind::Io, error))
    }
}

/// For readers and writers of `std` and `tokio`; the fault itself is inside.
impl From<Fault> for io::Error {
    fn from(fault: Fault) -> Self {
        let kind = match fault.kind {
            FaultKind::Timeout(_) => io::ErrorKind::TimedOut,
            FaultKind::Incomplete { .. } => io::ErrorKind::UnexpectedEof,
            FaultKind::Disconnected { .. } => io::ErrorKind::ConnectionAborted,
            FaultKind::NotConnected => io::ErrorKind::NotConnected,
            FaultKind::Malformed | FaultKind::TooLarge | FaultKind::Decode => {
                io::ErrorKind::InvalidData
            }
            FaultKind::Content => io::ErrorKind::InvalidInput,
            FaultKind::Answered => io::ErrorKind::BrokenPipe,
            _ => io::ErrorKind::Other,
        };
        Self::new(kind, fault)
    }
}

/// What it is, why, and in which call: a fault is mostly seen printed, so its causes stand in its words and not
/// behind `source`.
impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.kind)?;
        // The end that did not come is all there is to say of it.
        if let Some(cause) = self.cause()
            && !matches!(self.kind, FaultKind::Incomplete { .. })
        {
            write!(f, ": {}", chain(cause))?;
        }
        match self.call() {
            Some((method, url)) => write!(f, " ({method} {url})"),
            None => Ok(()),
        }
    }
}

impl fmt::Display for FaultKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match *self {
            Self::InvalidUrl => "the URL cannot be called",
            Self::InvalidRequest => "the request cannot be sent",
            Self::NotConnected => "the connection is closed; connect anew",
            Self::Connect => "no connection",
            Self::Proxy(_) => "no connection through the proxy",
            Self::Timeout(Phase::Pool) => "no connection became free in time",
            Self::Timeout(Phase::Resolve) => "the name was not found in time",
            Self::Tls(problem) => return problem.fmt(f),
            Self::Timeout(Phase::Connect) => "the connection took too long",
            Self::Timeout(Phase::Tls) => "the handshake of TLS took too long",
            Self::Timeout(Phase::Send) => "the peer took the request too slowly",
            Self::Timeout(Phase::Expect) => "the go-ahead for the content did not come",
            Self::Timeout(Phase::Head) => "the answer did not begin in time",
            Self::Timeout(Phase::Body) => "the answer stalled",
            Self::Timeout(Phase::Total) => "the call took too long",
            Self::Disconnected { .. } => "the peer closed the connection without an answer",
            Self::Malformed => "the answer breaks the protocol",
            Self::Incomplete { received, expected: None } => {
                return write!(
                    f,
                    "the answer is incomplete: {received} bytes read, the end never came"
                );
            }
            Self::Incomplete { received, expected: Some(expected) } => {
                let more = expected.saturating_sub(received);
                return write!(
                    f,
                    "the answer is incomplete: {received} bytes read, {more} more expected"
                );
            }
            Self::TooLarge => "the answer is over a limit",
            Self::Content => "the content of the request failed",
            Self::Answered => "the peer answered before the request was whole",
            Self::Redirect => "the redirection is not followed",
            Self::NotUpgraded => "the peer did not switch to another protocol",
            Self::Decode => "the answer is not what it was taken for",
            Self::Status(status) => {
                return write!(f, "the answer is {}", status.as_str());
            }
            Self::Io => "the connection broke",
            Self::Unavailable => "the service does not answer",
        })
    }
}

impl std::error::Error for Fault {}

#[cfg(test)]
mod tests {
    use super::*;

    /// C57: what is missing is told in numbers.
    #[test]
    fn an_incomplete_answer_tells_what_is_missing() {
        let error = BodyError::from(BodyErrorKind::Incomplete { received: 7, expected: Some(10) });
        let said = Fault::from(error).to_string();
        assert_eq!(said, "the answer is incomplete: 7 bytes read, 3 more expected");
    }

    /// C63: a fault keeps its call, and no secret of it.
    #[test]
    fn a_name_and_a_password_are_left_out() {
        for (url, kept) in [
            ("http://u:p@a/b?c@d", "http://a/b?c@d"),
            ("http://u:p@q@a", "http://a"),
            ("http://a/@", "http://a/@"),
            ("/just/a@path", "/just/a@path"),
        ] {
            let fault = Fault::from(FaultKind::Io).in_call(&Method::GET, url);
            assert_eq!(fault.url(), Some(kept));
            assert_eq!(fault.to_string(), format!("the connection broke (GET {kept})"));
        }
    }

    #[test]
    fn a_fault_is_small() {
        assert!(size_of::<Fault>() <= 40);
    }
}
