//! Clients: what every generated client is, whatever carries its calls.

use std::sync::Arc;
use std::time::Duration;

use crate::api::draft::Draft;
use crate::api::endpoint::Endpoint;
use crate::api::raw::RawCall;
use crate::service::{AnyService, Service};

/// What a generated client stands on: a service, a prefix, and what is sent with every call. Each call has a clone.
#[derive(Debug, Clone)]
pub struct Base {
    pub(super) ground: Arc<Ground>,
}

#[derive(Debug, Clone)]
pub(super) struct Ground {
    pub(super) service: AnyService,
    pub(super) prefix: Box<str>,
    pub(super) fields: Vec<(String, String)>,
    pub(super) timeout: Option<Duration>,
}

impl Base {
    /// Over a service, below a path.
    #[must_use]
    pub fn new(service: AnyService, prefix: &str) -> Self {
        let prefix = prefix.trim_end_matches('/').into();
        let ground = Ground { service, prefix, fields: Vec::new(), timeout: None };
        Self { ground: Arc::new(ground) }
    }

    /// The same, changed.
    fn but(&self, change: impl FnOnce(&mut Ground)) -> Self {
        let mut base = self.clone();
        change(Arc::make_mut(&mut base.ground));
        base
    }
}

/// What every generated client can do.
///
/// The same functions stand on each client itself; where a route has the name of one, the route wins, and the
/// function is reached through this trait: `ApiClient::raw(&client, "GET", "/")`. All take `&self`, as the routes'
/// methods do: a trait's method by value would win over them.
pub trait ApiClient: Sized {
    /// A client on this base.
    fn of_base(base: Base) -> Self;

    /// Its base.
    fn base(&self) -> &Base;

    /// A client whose calls go through any service: a connection, a layer, a stand-in for tests.
    fn over(service: impl Service) -> Self {
        Self::of_base(Base::new(AnyService::new(service), ""))
    }

    /// Another such client, whose calls each carry a bearer token (RFC 6750).
    #[must_use]
    fn bearer(&self, token: impl AsRef<str>) -> Self {
        self.header("authorization", &format!("Bearer {}", token.as_ref()))
    }

    /// Another such client, whose calls each carry this field. They fail if it cannot stand in a head.
    #[must_use]
    fn header(&self, name: &str, value: &str) -> Self {
        Self::of_base(self.base().but(|base| {
            base.fields.retain(|(taken, _)| !taken.eq_ignore_ascii_case(name));
            base.fields.push((name.into(), value.into()));
        }))
    }

    /// Another such client, whose calls must each be over within this time.
    #[must_use]
    fn timeout(&self, limit: Duration) -> Self {
        Self::of_base(self.base().but(|base| base.timeout = Some(limit)))
    }

    /// A call by hand, for bad input on purpose; the target goes out as it is, below the client's own prefix.
    fn raw(&self, method: &str, target: &str) -> RawCall {
        RawCall::new(self.base().clone(), method, target)
    }

    /// A call of a route, to be filled.
    fn draft(&self, endpoint: &'static Endpoint) -> Draft {
        Draft::new(self.base().clone(), endpoint)
    }

    /// The client of a list that stands in this one's under a prefix.
    fn nested<C: ApiClient>(&self, prefix: &str) -> C {
        let prefix = prefix.trim_end_matches('/');
        C::of_base(self.base().but(|base| base.prefix = format!("{}{prefix}", base.prefix).into()))
    }
}
