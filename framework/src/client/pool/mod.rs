//! The pool: connections that rest between two calls, and how many there may be.
//!
//! Here: what is kept, for how long, and who waits for a place. A connection comes home by itself, once its answer has
//! been read.
//! Not here: whether a connection *can* serve another call (`drive`), how a new one is made (`connect`).
//! Read in this order: this file, `shelf`, `places`, `sweep`.

mod places;
mod shelf;
mod sweep;

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::task::Context;
use std::time::Duration;

use tokio::runtime::Handle;
use tokio::sync::watch;
use tokio::time::Instant;

use super::connector::Connector;
use super::origin::Origin;
use crate::drive::h1_client::{Connection, Home as TakeBack};
use crate::io::AnyWire;
use places::Places;
use shelf::{Resting, Shelf};

pub(super) use places::Place;

/// How many connections a [`Client`](super::Client) keeps, and for how long.
///
/// ```
/// use std::time::Duration;
/// use counterpart::client::{Client, Connector, Pooling};
///
/// # fn main() -> Result<(), counterpart::Fault> {
/// let mut pooling = Pooling::default();
/// pooling.idle = Duration::from_secs(5);
/// pooling.per_origin = Some(8);
/// let connector = Connector::new().pooling(pooling);
/// let client = Client::new("http://127.0.0.1:8080")?.with_connector(connector);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Pooling {
    /// How long a connection rests before it is closed. Default 30 s, less than servers commonly allow, so that no
    /// request meets a closing connection. With [`Duration::ZERO`] none is kept.
    pub idle: Duration,
    /// Connections that rest for one origin; one more is closed when its call is over. Default 64.
    pub idle_per_origin: usize,
    /// Connections to one origin that are open at a time, one at least. Default none: calls side by side open as many
    /// as they need. Where it is set, calls beyond it wait in the order in which they came, for as long as
    /// [`Timeouts::pool`](super::Timeouts::pool) and their own deadline allow. An answer has its connection for as long
    /// as its body is neither read to the end nor dropped.
    pub per_origin: Option<usize>,
}

impl Default for Pooling {
    fn default() -> Self {
        Self { idle: Duration::from_secs(30), idle_per_origin: 64, per_origin: None }
    }
}

impl Connector {
    /// How many connections a client keeps, and for how long. Default: see [`Pooling`].
    #[must_use]
    pub const fn pooling(mut self, pooling: Pooling) -> Self {
        self.pooling = pooling;
        self
    }
}

/// Connections at rest, by the server they lead to.
#[derive(Debug, Clone)]
pub(super) struct Pool(Arc<Rooms>);

struct Rooms {
    pooling: Pooling,
    shelf: Mutex<Shelf>,
    places: Places,
    /// Dropped with the pool, which is how the sweepers learn of it.
    open: watch::Sender<()>,
}

/// The way back to the pool, which a connection has for as long as it is open. A pool that is gone takes nothing back.
#[derive(Debug)]
pub(super) struct Home(Box<Way>);

#[derive(Debug)]
struct Way {
    rooms: Weak<Rooms>,
    origin: Arc<Origin>,
    runtime: Handle,
    /// That of the call, given up once the connection rests or is closed.
    place: Option<Place>,
}

impl Pool {
    pub(super) fn new(pooling: Pooling) -> Self {
        let (shelf, places) = (Mutex::default(), Places::default());
        Self(Arc::new(Rooms { pooling, shelf, places, open: watch::Sender::new(()) }))
    }

    /// Whether the connections to an origin are counted.
    pub(super) fn counts(&self) -> bool {
        self.0.pooling.per_origin.is_some()
    }

    /// Waits for a turn, where the connections to an origin are counted.
    pub(super) fn place(
        &self,
        origin: &Arc<Origin>,
    ) -> Option<impl Future<Output = Option<Place>> + Send> {
        let most = self.0.pooling.per_origin?.max(1);
        Some(self.0.places.wait_for(origin, most))
    }

    /// A connection that rests, of the runtime that asks, and its way back, for a call that has this place and begins at
    /// once; the one used last, as it is the likeliest to be alive.
    pub(super) fn take(
        &self,
        origin: &Arc<Origin>,
        place: Option<&Place>,
        cx: &mut Context<'_>,
    ) -> Option<(Connection<AnyWire>, Home)> {
        let here = Handle::current().id();
        loop {
            let mut resting = self.0.shelf().last_of(origin, here)?;
            if resting.since.elapsed() < self.0.pooling.idle && resting.connection.is_alive(cx) {
                resting.home.0.place = place.cloned();
                return Some((resting.connection, resting.home));
            }
        }
    }

    /// Makes room for a new connection in a place: what rests on other runtimes is open, too.
    pub(super) fn make_room(&self, origin: &Arc<Origin>, place: Option<&Place>) {
        if let Some(place) = place {
            self.0.shelf().keep(origin, place.free());
        }
    }

    /// The way back for a new connection to this server.
    pub(super) fn home(&self, origin: &Arc<Origin>, place: Option<Place>) -> Home {
        let (rooms, runtime) = (Arc::downgrade(&self.0), Handle::current());
        Home(Box::new(Way { rooms, origin: origin.clone(), runtime, place }))
    }
}

impl Home {
    fn origin(&self) -> &Arc<Origin> {
        &self.0.origin
    }

    fn runtime(&self) -> &Handle {
        &self.0.runtime
    }
}

impl TakeBack<AnyWire> for Home {
    fn take(mut self, connection: Connection<AnyWire>) {
        let Some(rooms) = self.0.rooms.upgrade() else { return };
        let place = self.0.place.take();
        let resting = Resting { connection, home: self, since: Instant::now() };
        // Bound, so that nothing is spawned under the lock.
        let unswept = rooms.shelf().put(resting, &rooms.pooling);
        if let Some(runtime) = unswept {
            runtime.spawn(sweep::sweep(Arc::downgrade(&rooms), runtime.id()));
        }
        // Whoever has waited for the place finds the connection.
        drop(place);
    }
}

impl Rooms {
    fn shelf(&self) -> MutexGuard<'_, Shelf> {
        // A shelf is sound whatever panicked beside it.
        self.shelf.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Rooms {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pool")
            .field("pooling", &self.pooling)
            .field("resting", &*self.shelf())
            .finish_non_exhaustive()
    }
}
