//! Retries: calls that are made again after a while, where that does no harm and may help.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use http::{StatusCode, header};

use crate::client::budget::{Budget, PERCENT, by_chance};
use crate::message::Response;
use crate::service::{Fault, FaultKind, Phase};
use crate::text::{Fields, HttpDate};

/// When a call is made again. Default: never, but for a connection that was closed without a word.
///
/// Only requests that may be sent twice are: of idempotent methods (RFC 9110 §9.2.2), or with an `Idempotency-Key` where
/// the connector [says so](crate::client::Connector::repeat_keyed), and whose content is still there, which that of a
/// stream is not; besides, each that found no connection. They are made again after 408, 429, 502, 503 and 504, and
/// after a fault of the network; each redirection counts as a request of its own.
///
/// What `Retry-After` says is waited for, in seconds or until a date; if that is longer than a minute, the answer stands.
/// Else it is a time by chance between nothing and 0.2 s, then 0.4 s, 0.8 s, …, at most 10 s: so that clients that failed
/// together do not come back together. A call that has a deadline is not made again if it could not be over by then.
///
/// Retries have a budget: one for every five calls of the client and its clones, and ten in advance. So a server that is
/// down is called a fifth more, and not so many times more often.
///
/// ```
/// use counterpart::client::{Client, Retries};
///
/// # fn main() -> Result<(), counterpart::Fault> {
/// let client = Client::new("https://example.com")?.with_retries(Retries::up_to(3));
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct Retries {
    most: u32,
    first: Duration,
    longest: Duration,
    longest_told: Duration,
    statuses: Vec<StatusCode>,
    budget: Option<Arc<Budget>>,
}

impl Retries {
    /// None.
    #[must_use]
    pub fn none() -> Self {
        Self::up_to(0)
    }

    /// At most so many for each request.
    #[must_use]
    pub fn up_to(most: u32) -> Self {
        Self {
            most,
            first: FIRST,
            longest: LONGEST,
            longest_told: LONGEST_TOLD,
            statuses: STATUSES.to_vec(),
            budget: Some(Arc::new(Budget::new(PERCENT))),
        }
    }

    /// Waits up to `first`, then up to twice that, and so on, but never more than `longest`. Default: 0.2 s and 10 s.
    #[must_use]
    pub const fn backoff(mut self, first: Duration, longest: Duration) -> Self {
        (self.first, self.longest) = (first, longest);
        self
    }

    /// How long a `Retry-After` is heeded. Default: 60 s.
    #[must_use]
    pub const fn longest_told(mut self, longest: Duration) -> Self {
        self.longest_told = longest;
        self
    }

    /// The statuses after which a request is made again. Default: 408, 429, 502, 503 and 504.
    #[must_use]
    pub fn statuses(mut self, statuses: impl IntoIterator<Item = StatusCode>) -> Self {
        self.statuses = statuses.into_iter().collect();
        self
    }

    /// How many retries there may be for a hundred calls, besides ten in advance; none bounds them not at all.
    /// Default: 20.
    #[must_use]
    pub fn budget(mut self, percent: Option<u32>) -> Self {
        self.budget = percent.map(|percent| Arc::new(Budget::new(percent)));
        self
    }

    /// A call begins.
    pub(super) fn begin(&self) {
        if let Some(budget) = &self.budget {
            budget.earn();
        }
    }

    /// How long to wait until a request is made again, after so many retries; nothing, if it must not be.
    pub(super) fn wait(
        &self,
        outcome: &Result<Response, Fault>,
        is_safe: bool,
        made: u32,
    ) -> Option<Duration> {
        let (may_help, told) = match outcome {
            Ok(answer) => (self.statuses.contains(&answer.status), retry_after(&answer.fields)),
            Err(fault) => (is_passing(fault), None),
        };
        let is_safe = is_safe || outcome.as_ref().is_err_and(Fault::is_connect);
        let wait = told.unwrap_or_else(|| by_chance(self.first, self.longest, made));
        let is_wanted = may_help && is_safe && made < self.most;
        let is_soon = told.is_none_or(|told| told <= self.longest_told);
        (is_wanted && is_soon).then_some(wait)
    }

    /// Whether the budget has one more, which is then spent.
    pub(super) fn afford(&self) -> bool {
        self.budget.as_ref().is_none_or(|budget| budget.spend())
    }
}

/// Whether the same request may fare better in a while.
fn is_passing(fault: &Fault) -> bool {
    match fault.kind() {
        FaultKind::Timeout(phase) => phase != Phase::Total,
        FaultKind::Connect
        | FaultKind::NotConnected
        | FaultKind::Disconnected { .. }
        | FaultKind::Incomplete { .. }
        | FaultKind::Io => true,
        _ => false,
    }
}

/// What a server asks to be waited, in seconds or until a date (RFC 9110 §10.2.3).
fn retry_after(fields: &Fields) -> Option<Duration> {
    let value = fields.get_str(header::RETRY_AFTER)?.trim();
    if value.bytes().all(|byte| byte.is_ascii_digit()) {
        return Some(Duration::from_secs(value.parse().unwrap_or(u64::MAX)));
    }
    let date = SystemTime::from(value.parse::<HttpDate>().ok()?);
    Some(date.duration_since(SystemTime::now()).unwrap_or_default())
}

const FIRST: Duration = Duration::from_millis(200);
const LONGEST: Duration = Duration::from_secs(10);
const LONGEST_TOLD: Duration = Duration::from_secs(60);
/// After these a server may well answer otherwise.
const STATUSES: [StatusCode; 5] = [
    StatusCode::REQUEST_TIMEOUT,
    StatusCode::TOO_MANY_REQUESTS,
    StatusCode::BAD_GATEWAY,
    StatusCode::SERVICE_UNAVAILABLE,
    StatusCode::GATEWAY_TIMEOUT,
];

#[cfg(test)]
mod tests {
    use http::{HeaderName, HeaderValue};

    use super::*;

    fn told(value: &'static str) -> Option<Duration> {
        let mut fields = Fields::new();
        fields.append(HeaderName::from_static("retry-after"), HeaderValue::from_static(value));
        retry_after(&fields)
    }

    #[test]
    fn retry_after_is_seconds_or_a_date() {
        assert_eq!(told("120"), Some(Duration::from_secs(120)));
        assert_eq!(told("99999999999999999999999"), Some(Duration::from_secs(u64::MAX)));
        for past in [
            "Sun, 06 Nov 1994 08:49:37 GMT",
            "Sunday, 06-Nov-94 08:49:37 GMT",
            "Sun Nov  6 08:49:37 1994",
        ] {
            assert_eq!(told(past), Some(Duration::ZERO), "{past}");
        }
        let ahead = told("Fri, 31 Dec 9999 23:59:59 GMT").unwrap();
        assert!(ahead > Duration::from_secs(1 << 30));
        assert_eq!(told("-1"), None);
        assert_eq!(told("soon"), None);
    }
}
