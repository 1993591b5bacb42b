//! Sweeping: connections that rest too long are closed, though nobody asks for them.
//!
//! One task a runtime, begun with the first connection that rests. It is over when it finds none, with the pool, or with
//! the runtime, whose connections nobody can use any more. It looks only when one may have rested too long: whoever
//! calls all the time has no connection at rest now and then, and is not to begin a task for each call.

use std::sync::Weak;

use tokio::runtime;
use tokio::time::timeout_at;

use super::Rooms;
use super::shelf::after;

/// The task. A runtime that has ended already drops it unseen.
pub(super) fn sweep(rooms: Weak<Rooms>, runtime: runtime::Id) -> impl Future<Output = ()> {
    sweep_guarded(Guard { rooms, runtime, is_over: false })
}

async fn sweep_guarded(mut guard: Guard) {
    let runtime = guard.runtime;
    let Some(rooms) = guard.rooms.upgrade() else { return };
    let (mut open, mut next) = (rooms.open.subscribe(), after(rooms.pooling.idle));
    drop(rooms);
    // An answer is an error: that there is no pool any more.
    while timeout_at(next, open.changed()).await.is_err() {
        let Some(rooms) = guard.rooms.upgrade() else { break };
        match rooms.shelf().sweep(runtime, rooms.pooling.idle) {
            Some(then) => next = then,
            None => break,
        }
    }
    guard.is_over = true;
}

/// Sees the runtime end, which drops its tasks wherever they are.
struct Guard {
    rooms: Weak<Rooms>,
    runtime: runtime::Id,
    is_over: bool,
}

impl Drop for Guard {
    fn drop(&mut self) {
        if !self.is_over
            && let Some(rooms) = self.rooms.upgrade()
        {
            rooms.shelf().forget(self.runtime);
        }
    }
}
