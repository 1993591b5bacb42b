//! The crowd: all connections of a server, to be counted, stopped and waited for.

use std::sync::atomic::{AtomicU8, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, Waker};

use super::clock::Moment;

/// All connections of a server.
#[derive(Debug, Default)]
pub struct Crowd {
    order: AtomicU8,
    count: AtomicUsize,
    list: Mutex<List>,
}

/// One connection's place in the crowd, left when it is dropped.
#[derive(Debug)]
pub struct Member {
    crowd: Arc<Crowd>,
    slot: Option<usize>,
    rest: Arc<Rest>,
}

/// Since when a connection is idle, or that it is not, or that it was told to go.
#[derive(Debug)]
struct Rest(AtomicU64);

#[derive(Debug, Default)]
struct List {
    slots: Vec<Option<Seat>>,
    free: Vec<usize>,
    /// How many have come so far.
    come: u64,
    /// Who waits for the crowd to become smaller.
    watch: Option<Waker>,
}

#[derive(Debug)]
struct Seat {
    waker: Waker,
    rest: Arc<Rest>,
    /// How many came before.
    number: u64,
}

impl Crowd {
    /// Takes a connection in.
    #[must_use]
    pub fn enter(self: &Arc<Self>) -> Member {
        self.count.fetch_add(1, Ordering::Relaxed);
        Member { crowd: self.clone(), slot: None, rest: Arc::new(Rest(AtomicU64::new(BUSY))) }
    }

    /// Asks all to end: the idle ones now, the others after their answer.
    pub fn stop(&self) {
        self.give(STOP);
    }

    /// Ends all, wherever they are.
    pub fn cut(&self) {
        self.give(CUT);
    }

    /// Tells the connection that has been idle for longest to go; false if none is idle.
    pub fn dismiss_one(&self) -> bool {
        let list = self.lock();
        let since = |seat: &Seat| seat.rest.0.load(Ordering::Relaxed);
        // The clock is coarse: of those that are idle since one tick, the first that came has been so for longest.
        let oldest = list.slots.iter().flatten().min_by_key(|seat| (since(seat), seat.number));
        let Some(oldest) = oldest.filter(|seat| since(seat) < DISMISSED) else {
            return false;
        };
        oldest.rest.0.store(DISMISSED, Ordering::Relaxed);
        let waker = oldest.waker.clone();
        drop(list);
        waker.wake();
        true
    }

    /// Ready when there are fewer than so many.
    pub fn poll_fewer(&self, than: usize, cx: &Context<'_>) -> Poll<()> {
        if self.count() < than {
            return Poll::Ready(());
        }
        self.lock().watch = Some(cx.waker().clone());
        // One may have left before the waker was there.
        if self.count() < than { Poll::Ready(()) } else { Poll::Pending }
    }

    /// How many there are.
    #[must_use]
    pub fn count(&self) -> usize {
        self.count.load(Ordering::Acquire)
    }

    fn give(&self, order: u8) {
        self.order.fetch_max(order, Ordering::Release);
        let list = self.lock();
        let wakers: Vec<Waker> =
            list.slots.iter().flatten().map(|seat| seat.waker.clone()).collect();
        drop(list);
        wakers.into_iter().for_each(Waker::wake);
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, List> {
        // No code that can panic runs under the lock.
        self.list.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Member {
    /// Leaves word whom to wake; the first time is enough, as a connection stays in its task.
    #[inline]
    pub(super) fn attend(&mut self, cx: &Context<'_>) {
        if self.slot.is_none() {
            self.leave_word(cx);
        }
    }

    #[cold]
    fn leave_word(&mut self, cx: &Context<'_>) {
        let mut list = self.crowd.lock();
        let seat =
            Some(Seat { waker: cx.waker().clone(), rest: self.rest.clone(), number: list.come });
        list.come += 1;
        self.slot = Some(match list.free.pop() {
            Some(slot) => {
                list.slots[slot] = seat;
                slot
            }
            None => {
                list.slots.push(seat);
                list.slots.len() - 1
            }
        });
    }

    /// Notes that the connection is idle from now on.
    pub(super) fn rests(&self, since: Moment) {
        self.rest.0.store(since, Ordering::Relaxed);
    }

    /// Since when it is.
    pub(super) fn rests_since(&self) -> Moment {
        self.rest.0.load(Ordering::Relaxed)
    }

    /// Notes that it is not. If it was told to go at this very moment, it stays.
    pub(super) fn works(&self) {
        self.rest.0.store(BUSY, Ordering::Relaxed);
    }

    /// Whether it was told to go, as others need its place.
    pub(super) fn is_dismissed(&self) -> bool {
        self.rest.0.load(Ordering::Relaxed) == DISMISSED
    }

    /// Whether no new request is to be begun.
    pub(super) fn is_stopped(&self) -> bool {
        self.crowd.order.load(Ordering::Acquire) >= STOP
    }

    /// Whether even the request in flight is to be given up.
    pub(super) fn is_cut(&self) -> bool {
        self.crowd.order.load(Ordering::Acquire) >= CUT
    }
}

impl Drop for Member {
    fn drop(&mut self) {
        self.crowd.count.fetch_sub(1, Ordering::AcqRel);
        let mut list = self.crowd.lock();
        if let Some(slot) = self.slot {
            list.slots[slot] = None;
            list.free.push(slot);
        }
        let watch = list.watch.take();
        drop(list);
        watch.into_iter().for_each(Waker::wake);
    }
}

/// What stands in the place of a moment: later than all of them, so that it is never the oldest.
const BUSY: u64 = u64::MAX;
const DISMISSED: u64 = u64::MAX - 1;
const STOP: u8 = 1;
const CUT: u8 = 2;

#[cfg(test)]
mod tests {
    use super::*;

    /// T27: whoever comes takes the place of one that is idle for longer, not of the one that came before.
    #[test]
    fn of_those_idle_since_one_tick_the_first_that_came_goes_first() {
        let crowd = Arc::new(Crowd::default());
        let enter = || {
            let mut member = crowd.enter();
            member.rests(0);
            member.attend(&Context::from_waker(Waker::noop()));
            member
        };
        let first = enter();
        let second = enter();
        assert!(crowd.dismiss_one() && first.is_dismissed());
        drop(first);
        let third = enter();
        assert!(crowd.dismiss_one() && second.is_dismissed() && !third.is_dismissed());
    }
}
