//! The pool: connections that rest between two calls.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use tokio::runtime::{self, Handle};
use tokio::time::Instant;

use super::origin::Origin;
use crate::drive::h1_client::{Connection, Home as TakeBack};
use crate::io::AnyWire;

/// Connections at rest, by the server they lead to.
#[derive(Debug, Clone, Default)]
pub(super) struct Pool(Arc<Shelves>);

#[derive(Default)]
struct Shelves(Mutex<Shelf>);

#[derive(Default)]
struct Shelf(HashMap<Arc<Origin>, Vec<Resting>>);

struct Resting {
    connection: Connection<AnyWire>,
    since: Instant,
    /// A socket and its timers belong to the runtime they were opened on, and end with it.
    runtime: runtime::Id,
}

/// The way back to the pool, for one connection. A pool that is gone takes nothing back.
#[derive(Debug)]
pub(super) struct Home {
    shelves: Weak<Shelves>,
    origin: Arc<Origin>,
    runtime: runtime::Id,
}

impl Pool {
    /// A connection that rests, of the runtime that asks; the one used last, as it is the likeliest to be alive.
    pub(super) fn take(&self, origin: &Origin) -> Option<Connection<AnyWire>> {
        let here = Handle::current().id();
        loop {
            let mut resting = self.0.lock().last_of(origin, here)?;
            if resting.since.elapsed() < IDLE && resting.connection.is_alive() {
                return Some(resting.connection);
            }
        }
    }

    /// The way back for a connection to this server.
    pub(super) fn home(&self, origin: &Arc<Origin>) -> Home {
        let runtime = Handle::current().id();
        Home { shelves: Arc::downgrade(&self.0), origin: origin.clone(), runtime }
    }
}

impl TakeBack<AnyWire> for Home {
    fn take(&mut self, connection: Connection<AnyWire>) {
        let Some(shelves) = self.shelves.upgrade() else { return };
        let resting = Resting { connection, since: Instant::now(), runtime: self.runtime };
        shelves.lock().put(&self.origin, resting);
    }
}

impl Shelf {
    fn last_of(&mut self, origin: &Origin, runtime: runtime::Id) -> Option<Resting> {
        let all = self.0.get_mut(origin)?;
        let last = all.iter().rposition(|resting| resting.runtime == runtime)?;
        Some(all.remove(last))
    }

    fn put(&mut self, origin: &Arc<Origin>, resting: Resting) {
        let Some(all) = self.0.get_mut(origin) else {
            self.0.insert(origin.clone(), vec![resting]);
            return;
        };
        all.retain(|resting| resting.since.elapsed() < IDLE);
        if all.len() < MOST {
            all.push(resting);
        }
    }
}

impl Shelves {
    fn lock(&self) -> MutexGuard<'_, Shelf> {
        // A shelf is sound whatever panicked beside it.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Shelves {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.lock().0.iter().map(|(to, all)| (to, all.len()))).finish()
    }
}

/// How long a connection rests: less than servers commonly allow (75 s here).
const IDLE: Duration = Duration::from_secs(30);
/// Connections that rest for one server.
const MOST: usize = 64;
