//! Sweeping: connections that rest too long are closed, though nobody asks for them.
//!
//! One task a runtime, begun with the first connection that rests and over with the last one, with the pool, or with
//! the runtime, whose connections nobody can use any more.

use std::sync::Weak;

use tokio::runtime;
use tokio::time::timeout_at;

use super::Rooms;

/// The task. A runtime that has ended already drops it unseen.
pub(super) fn sweep(rooms: Weak<Rooms>, runtime: runtime::Id) -> impl Future<Output = ()> {
    sweep_guarded(Guard { rooms, runtime, is_over: false })
}

async fn sweep_guarded(mut guard: Guard) {
    let runtime = guard.runtime;
    let Some(mut open) = guard.rooms.upgrade().map(|rooms| rooms.open.subscribe()) else { return };
    while let Some(rooms) = guard.rooms.upgrade() {
        let next = rooms.shelf().sweep(runtime, rooms.pooling.idle);
        drop(rooms);
        let Some(next) = next else { break };
        // An answer is an error: that there is no pool any more.
        if timeout_at(next, open.changed()).await.is_ok() {
            break;
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
