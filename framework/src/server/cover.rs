//! Covers: whether what travels through a listener is in the clear, or by TLS.

use std::sync::Arc;

#[cfg(feature = "tls")]
use super::listener::Listener;
use super::peers::Place;
use crate::drive::h1_server::{House, serve};
use crate::io::AnyWire;
use crate::service::Service;

#[cfg(feature = "tls")]
use crate::drive::handshake::{Greeted, NeedsTls, greet};
#[cfg(feature = "tls")]
use crate::tls::ServerTls;

/// What a listener puts over each wire that comes through it.
#[derive(Debug, Clone, Default)]
pub(super) struct Cover {
    #[cfg(feature = "tls")]
    tls: Option<ServerTls>,
}

impl Cover {
    /// Whether it is TLS.
    pub(super) const fn is_tls(&self) -> bool {
        #[cfg(feature = "tls")]
        return self.tls.is_some();
        #[cfg(not(feature = "tls"))]
        false
    }

    /// Serves a connection as a task of its own, which keeps its place.
    pub(super) fn serve<S: Service>(
        self,
        wire: AnyWire,
        service: Arc<S>,
        house: Arc<House>,
        place: Option<Place>,
    ) {
        #[cfg(feature = "tls")]
        if let Some(tls) = self.tls {
            return spawn(covered(tls, wire, service, house), place);
        }
        spawn(serve(service, wire, house), place);
    }
}

/// Serves by TLS. Whoever speaks plain HTTP is told so, in plain HTTP.
#[cfg(feature = "tls")]
fn covered<S: Service>(
    tls: ServerTls,
    wire: AnyWire,
    service: Arc<S>,
    house: Arc<House>,
) -> impl Future<Output = ()> + Send {
    let greeting = greet(tls, wire, house.clone());
    async move {
        // Its place in the crowd is kept until the next one is taken, so that a server that stops sees no gap.
        let (greeted, member) = greeting.await;
        match greeted {
            Greeted::Tls(wire) => {
                let served = serve(service, AnyWire::boxed(wire), house);
                drop(member);
                served.await;
            }
            Greeted::Plain(wire) => {
                let served = serve(Arc::new(NeedsTls), AnyWire::boxed(wire), house);
                drop(member);
                served.await;
            }
            Greeted::Gone => {}
        }
    }
}

fn spawn(served: impl Future<Output = ()> + Send + 'static, place: Option<Place>) {
    match place {
        None => tokio::spawn(served),
        Some(place) => tokio::spawn(async move {
            served.await;
            drop(place);
        }),
    };
}

/// The same listeners, by TLS.
#[cfg(feature = "tls")]
pub(super) fn all(listeners: Vec<Listener>, tls: &ServerTls) -> Vec<Listener> {
    let cover = Cover { tls: Some(tls.clone()) };
    listeners.into_iter().map(|listener| listener.with_cover(cover.clone())).collect()
}
