//! Whether the app is being stopped, for whoever asks it.

use std::sync::atomic::{AtomicBool, Ordering};

use crate::api::endpoint::Need;
use crate::api::provide::{Provide, RequestContext, provide_state};
use crate::message::Response;

/// Whether the server has been told to stop. Every app has one; a handler takes it as `&Lifecycle`.
///
/// A readiness probe answers by it, so that nobody sends new requests to a server that drains:
///
/// ```
/// use counterpart::prelude::*;
///
/// #[get("/ready")]
/// fn ready(lifecycle: &Lifecycle) -> Result<(), Problem> {
///     if lifecycle.is_draining() {
///         return Err(Problem::new(StatusCode::SERVICE_UNAVAILABLE).code("draining"));
///     }
///     Ok(())
/// }
///
/// api!(Probes: ready);
///
/// #[counterpart::main]
/// async fn main() {
///     ProbesClient::local(App::new().mount(Probes)).ready().await.unwrap();
/// }
/// ```
///
/// While it drains, the server still takes connections for as long as `Config::notice` says.
#[derive(Debug, Default)]
pub struct Lifecycle {
    draining: AtomicBool,
}

impl Lifecycle {
    /// Whether the server has been told to stop.
    #[must_use]
    pub fn is_draining(&self) -> bool {
        self.draining.load(Ordering::Relaxed)
    }

    /// Says that the server has been told to stop.
    pub fn drain(&self) {
        self.draining.store(true, Ordering::Relaxed);
    }
}

#[diagnostic::do_not_recommend]
impl Provide for Lifecycle {
    const NEEDS: &'static [Need] = &[Need::of::<Self>()];

    type Lent<'a> = &'a Self;

    async fn provide<'a>(request: &RequestContext<'a>) -> Result<&'a Self, Response> {
        provide_state(request)
    }
}
