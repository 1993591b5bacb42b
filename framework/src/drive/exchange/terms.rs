//! Terms: what holds for a call besides its request.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use http::Extensions;

use crate::drive::timeouts::Timeouts;
use crate::drive::trace::Trace;
use crate::service::Deadline;
use crate::text::ResponseHead;

/// What holds for all calls that a connector has to do with.
#[derive(Debug, Clone, Default)]
pub(crate) struct Terms {
    pub(crate) timeouts: Timeouts,
    pub(crate) on_interim: Option<OnInterim>,
    pub(crate) trace: Trace,
}

/// What holds for one call besides its request: what holds for all of them, and what is its own.
#[cfg_attr(not(feature = "client"), expect(unreachable_pub, reason = "pooled connections show it"))]
#[derive(Debug, Clone, Default)]
pub struct CallTerms {
    pub(super) shared: Arc<Terms>,
    total: Option<Duration>,
    on_interim: Option<OnInterim>,
}

/// What is told of each interim response (RFC 9110 §15.2), such as 103 with its early hints: an extension of a
/// request. An answer follows it, always; at most 100 come before one.
///
/// ```
/// use counterpart::client::OnInterim;
/// use counterpart::{Request, http::Method};
///
/// let mut request = Request::new(Method::GET, "/");
/// request.extensions.insert(OnInterim::new(|head| println!("{}", head.status)));
/// ```
#[derive(Clone)]
pub struct OnInterim(Arc<dyn Fn(&ResponseHead) + Send + Sync>);

impl CallTerms {
    /// These for every call; of a request's extensions its [`Deadline`] and its [`OnInterim`].
    #[must_use]
    pub(crate) fn new(shared: &Arc<Terms>, extensions: &Extensions) -> Self {
        let total = extensions.get().map(|&Deadline(total)| total);
        Self { shared: shared.clone(), total, on_interim: extensions.get().cloned() }
    }

    /// How long all of it may take.
    #[must_use]
    pub(crate) const fn total(&self) -> Option<Duration> {
        self.total
    }

    /// The same, with this much time left for all of it.
    #[cfg(feature = "client")]
    #[must_use]
    pub(crate) const fn with_total(mut self, total: Option<Duration>) -> Self {
        self.total = total;
        self
    }

    /// Becomes the same. Mostly it is so already, but for what is a call's own.
    pub(super) fn take_over(&mut self, terms: &Self) {
        if !Arc::ptr_eq(&self.shared, &terms.shared) {
            self.shared = terms.shared.clone();
        }
        self.total = terms.total;
        self.on_interim.clone_from(&terms.on_interim);
    }

    /// Tells of an interim response whoever wants to know.
    pub(super) fn tell(&self, head: &ResponseHead) {
        if let Some(function) = self.on_interim.as_ref().or(self.shared.on_interim.as_ref()) {
            (function.0)(head);
        }
    }
}

impl From<Terms> for CallTerms {
    fn from(terms: Terms) -> Self {
        Self { shared: Arc::new(terms), total: None, on_interim: None }
    }
}

impl OnInterim {
    /// Calls this function for each.
    pub fn new(function: impl Fn(&ResponseHead) + Send + Sync + 'static) -> Self {
        Self(Arc::new(function))
    }
}

impl fmt::Debug for OnInterim {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OnInterim")
    }
}
