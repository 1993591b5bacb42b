//! The shelf: connections at rest.

use std::collections::HashMap;
use std::fmt;
use std::hash::BuildHasherDefault;
use std::sync::Arc;
use std::time::Duration;

use tokio::runtime::{self, Handle};
use tokio::time::Instant;

use super::{Home, Pooling};
use crate::client::Origin;
use crate::client::origin::Hashed;
use crate::drive::h1_client::Connection;
use crate::io::AnyWire;

#[derive(Default)]
pub(super) struct Shelf {
    rows: Rows,
    /// Runtimes on which somebody looks after what rests too long.
    swept: Vec<runtime::Id>,
}

type Rows = HashMap<Arc<Origin>, Vec<Resting>, BuildHasherDefault<Hashed>>;

pub(super) struct Resting {
    pub(super) connection: Connection<AnyWire>,
    pub(super) home: Home,
    pub(super) since: Instant,
}

impl Resting {
    /// A socket and its timers belong to the runtime they were opened on, and end with it.
    fn runtime(&self) -> runtime::Id {
        self.home.runtime().id()
    }
}

impl Shelf {
    /// The connection of this runtime that was used last.
    pub(super) fn last_of(
        &mut self,
        origin: &Arc<Origin>,
        runtime: runtime::Id,
    ) -> Option<Resting> {
        let row = self.rows.get_mut(origin)?;
        let last = row.iter().rposition(|resting| resting.runtime() == runtime)?;
        Some(row.remove(last))
    }

    /// Keeps a connection, if there is room. Gives its runtime if nobody looks after those of that yet.
    pub(super) fn put(&mut self, resting: Resting, by: &Pooling) -> Option<Handle> {
        if by.idle.is_zero() || by.idle_per_origin == 0 {
            return None;
        }
        let runtime = resting.runtime();
        let unswept = !self.swept.contains(&runtime);
        let unswept = unswept.then(|| resting.home.runtime().clone());
        match self.rows.get_mut(resting.home.origin()) {
            None => {
                self.rows.insert(resting.home.origin().clone(), vec![resting]);
            }
            Some(row) => {
                if row.len() >= by.idle_per_origin {
                    // The oldest first: it is the next to be of no use.
                    row.remove(0);
                }
                row.push(resting);
            }
        }
        if unswept.is_some() {
            self.swept.push(runtime);
        }
        unswept
    }

    /// Closes those that were used first, but for so many.
    pub(super) fn keep(&mut self, origin: &Arc<Origin>, most: usize) {
        if let Some(row) = self.rows.get_mut(origin) {
            row.drain(..row.len().saturating_sub(most));
        }
    }

    /// Closes what rests too long, and tells when to look again for those of this runtime; if it has none, nobody looks
    /// after them any more.
    pub(super) fn sweep(&mut self, runtime: runtime::Id, idle: Duration) -> Option<Instant> {
        self.retain(|resting| resting.since.elapsed() < idle);
        let ours = self.rows.values().flatten().filter(|resting| resting.runtime() == runtime);
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
        self.retain(|resting| resting.runtime() != runtime);
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
