//! The pool: connections that rest between two calls.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use tokio::time::Instant;

use crate::drive::h1_client::{Connection, Home as TakeBack};
use crate::io::Tcp;

/// Connections at rest, by the server they lead to.
#[derive(Debug, Clone, Default)]
pub(super) struct Pool(Arc<Shelves>);

#[derive(Default)]
struct Shelves(Mutex<HashMap<Arc<str>, Vec<Resting>>>);

struct Resting {
    connection: Connection<Tcp>,
    since: Instant,
}

/// The way back to the pool, for one connection. A pool that is gone takes nothing back.
#[derive(Debug)]
pub(super) struct Home {
    shelves: Weak<Shelves>,
    authority: Arc<str>,
}

impl Pool {
    /// A connection that rests; the one used last, as it is the likeliest to be alive.
    pub(super) fn take(&self, authority: &str) -> Option<Connection<Tcp>> {
        loop {
            let resting = self.0.lock().get_mut(authority)?.pop()?;
            let mut connection = resting.connection;
            if resting.since.elapsed() < IDLE && connection.is_alive() {
                return Some(connection);
            }
        }
    }

    /// The way back for a connection to this server.
    pub(super) fn home(&self, authority: Arc<str>) -> Home {
        Home { shelves: Arc::downgrade(&self.0), authority }
    }
}

impl TakeBack<Tcp> for Home {
    fn take(&mut self, connection: Connection<Tcp>) {
        let Some(shelves) = self.shelves.upgrade() else { return };
        let mut all = shelves.lock();
        let resting = Resting { connection, since: Instant::now() };
        match all.get_mut(&self.authority) {
            Some(shelf) => {
                shelf.retain(|resting| resting.since.elapsed() < IDLE);
                if shelf.len() < MOST {
                    shelf.push(resting);
                }
            }
            None => {
                all.insert(self.authority.clone(), vec![resting]);
            }
        }
    }
}

impl Shelves {
    fn lock(&self) -> MutexGuard<'_, HashMap<Arc<str>, Vec<Resting>>> {
        // A shelf is sound whatever panicked beside it.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Shelves {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.lock().iter().map(|(to, shelf)| (to, shelf.len()))).finish()
    }
}

/// How long a connection rests: less than servers commonly allow (75 s here).
const IDLE: Duration = Duration::from_secs(30);
/// Connections that rest for one server.
const MOST: usize = 64;
