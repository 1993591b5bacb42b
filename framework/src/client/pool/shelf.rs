//! The shelf: connections at rest.

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use tokio::runtime;
use tokio::time::Instant;

use super::Pooling;
use crate::client::Origin;
use crate::drive::h1_client::Connection;
use crate::io::AnyWire;

#[derive(Default)]
pub(super) struct Shelf {
    rows: HashMap<Arc<Origin>, Vec<Resting>>,
    /// Runtimes on which somebody looks after what rests too long.
    swept: Vec<runtime::Id>,
}

pub(super) struct Resting {
    pub(super) connection: Connection<AnyWire>,
    pub(super) since: Instant,
    /// A socket and its timers belong to the runtime they were opened on, and end with it.
    pub(super) runtime: runtime::Id,
}

impl Shelf {
    /// The connection of this runtime that was used last.
    pub(super) fn last_of(&mut self, origin: &Origin, runtime: runtime::Id) -> Option<Resting> {
        let row = self.rows.get_mut(origin)?;
        let last = row.iter().rposition(|resting| resting.runtime == runtime)?;
        Some(row.remove(last))
    }

    /// Keeps a connection, if there is room, and tells whether nobody looks after those of its runtime yet.
    pub(super) fn put(&mut self, origin: &Arc<Origin>, resting: Resting, by: &Pooling) -> bool {
        if by.idle.is_zero() || by.idle_per_origin == 0 {
            return false;
        }
        let runtime = resting.runtime;
        match self.rows.get_mut(origin) {
            None => {
                self.rows.insert(origin.clone(), vec![resting]);
            }
            Some(row) => {
                if row.len() >= by.idle_per_origin {
                    // The oldest first: it is the next to be of no use.
                    row.remove(0);
                }
                row.push(resting);
            }
        }
        let unswept = !self.swept.contains(&runtime);
        if unswept {
            self.swept.push(runtime);
        }
        unswept
    }

    /// Closes those that were used first, but for so many.
    pub(super) fn keep(&mut self, origin: &Origin, most: usize) {
        if let Some(row) = self.rows.get_mut(origin) {
            row.drain(..row.len().saturating_sub(most));
        }
    }

    /// Closes what rests too long, and tells when to look again for those of this runtime; if it has none, nobody looks
    /// after them any more.
    pub(super) fn sweep(&mut self, runtime: runtime::Id, idle: Duration) -> Option<Instant> {
        self.retain(|resting| resting.since.elapsed() < idle);
        let ours = self.rows.values().flatten().filter(|resting| resting.runtime == runtime);
        let first = ours.map(|resting| resting.since).min();
        if first.is_none() {
            self.swept.retain(|swept| *swept != runtime);
        }
        // Some at a time: with thousands of origins each look costs.
        let soonest = Instant::now() + idle.min(A_WHILE) / 16;
        first.map(|since| (since + idle.min(A_WHILE)).max(soonest))
    }

    /// A runtime has ended: its connections are of no use to anybody.
    pub(super) fn forget(&mut self, runtime: runtime::Id) {
        self.swept.retain(|swept| *swept != runtime);
        self.retain(|resting| resting.runtime != runtime);
    }

    fn retain(&mut self, keeps: impl Fn(&Resting) -> bool) {
        self.rows.retain(|_, row| {
            row.retain(&keeps);
            !row.is_empty()
        });
    }
}

/// When a connection will have rested so long that begins to rest now. For a time that nobody can count to, and for other
/// long ones, that is when to look again.
pub(super) fn after(idle: Duration) -> Instant {
    Instant::now() + idle.min(A_WHILE)
}

impl fmt::Debug for Shelf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.rows.iter().map(|(to, row)| (to, row.len()))).finish()
    }
}

const A_WHILE: Duration = Duration::from_secs(3600);
