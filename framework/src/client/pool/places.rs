//! Places: how many connections to an origin may be open at a time.
//!
//! A call has a place for as long as its connection is in use. Whoever has one takes a connection that rests, and opens
//! a new one only where none does; so there are never more connections than places.

use std::collections::HashMap;
use std::hash::BuildHasherDefault;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::client::Origin;
use crate::client::origin::Hashed;

/// Places by origin, as long as somebody has or wants one.
#[derive(Debug, Default)]
pub(super) struct Places(Mutex<ByOrigin>);

type ByOrigin = HashMap<Arc<Origin>, Weak<Semaphore>, BuildHasherDefault<Hashed>>;

/// A place, given up when the last of its clones is dropped: that of its call, which may need a second connection, and
/// that of the connection.
#[derive(Debug, Clone)]
pub(in crate::client) struct Place(Arc<OwnedSemaphorePermit>);

impl Places {
    /// Waits for a place, in the order of coming. Whoever stops waiting takes none with him.
    pub(super) fn wait_for(
        &self,
        origin: &Arc<Origin>,
        most: usize,
    ) -> impl Future<Output = Option<Place>> + Send + use<> {
        let place = self.of(origin, most).acquire_owned();
        // An error is that they are closed, which they never are.
        async { place.await.ok().map(|permit| Place(Arc::new(permit))) }
    }

    fn of(&self, origin: &Arc<Origin>, most: usize) -> Arc<Semaphore> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(places) = all.get(origin).and_then(Weak::upgrade) {
            return places;
        }
        all.retain(|_, places| places.strong_count() > 0);
        let places = Arc::new(Semaphore::new(most.min(Semaphore::MAX_PERMITS)));
        all.insert(origin.clone(), Arc::downgrade(&places));
        places
    }
}

impl Place {
    /// How many places are free besides.
    pub(super) fn free(&self) -> usize {
        self.0.semaphore().available_permits()
    }
}
