//! One slot between a driver and a body: the body asks, the driver reads.
//!
//! Both usually live in one task, so the mutex is never contended; it is there for the handler that moves
//! its body into a task of its own. It is never held across an await.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

use bytes::Bytes;
use http_body::Frame;

use super::{BodyError, BodyErrorKind, Trailers};

/// The feeding end: held by whoever reads the wire.
///
/// Dropped before [`end`](Self::end) or [`fail`](Self::fail), it makes the body an error, never a short success.
#[derive(Debug)]
pub struct Inlet(Arc<Slot>);

/// What the reading end asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Want {
    /// The next piece.
    Data,
    /// Nothing any more: the body was dropped.
    Nothing,
}

/// The reading end: the body's.
pub(super) struct Outlet(Arc<Slot>);

#[derive(Debug)]
struct Slot(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    piece: Option<Bytes>,
    end: Option<End>,
    /// The body was polled and found nothing.
    asked: bool,
    gone: bool,
    received: u64,
    length: Option<u64>,
    body: Option<Waker>,
    driver: Option<Waker>,
}

#[derive(Debug)]
enum End {
    Whole(Option<Trailers>),
    Failed(BodyError),
    Reported,
}

pub(super) fn pair(length: Option<u64>) -> (Inlet, Outlet) {
    let slot = Arc::new(Slot(Mutex::new(State { length, ..State::default() })));
    (Inlet(slot.clone()), Outlet(slot))
}

impl Inlet {
    /// Hands over the next piece; an empty one is skipped.
    ///
    /// There is one slot: give the next only when [`poll_want`](Self::poll_want) has asked for it, or pieces are joined at the cost of a copy.
    pub fn give(&self, piece: Bytes) {
        if piece.is_empty() {
            return;
        }
        let mut state = self.0.lock();
        state.received += piece.len() as u64;
        state.asked = false;
        state.piece = Some(match state.piece.take() {
            None => piece,
            Some(before) => [before, piece].concat().into(),
        });
        wake(state, |state| state.body.take());
    }

    /// The body is whole.
    pub fn end(&self, trailers: Option<Trailers>) {
        self.finish(End::Whole(trailers));
    }

    /// The body will never be whole.
    pub fn fail(&self, error: BodyError) {
        self.finish(End::Failed(error));
    }

    /// Ready when the body asks for more, or will never ask again.
    pub fn poll_want(&self, cx: &mut Context<'_>) -> Poll<Want> {
        let mut state = self.0.lock();
        if state.gone {
            Poll::Ready(Want::Nothing)
        } else if state.asked {
            Poll::Ready(Want::Data)
        } else {
            set(&mut state.driver, cx);
            Poll::Pending
        }
    }

    fn finish(&self, end: End) {
        let mut state = self.0.lock();
        state.end.get_or_insert(end);
        wake(state, |state| state.body.take());
    }
}

impl Drop for Inlet {
    fn drop(&mut self) {
        let mut state = self.0.lock();
        let (received, expected) = (state.received, state.length);
        state.end.get_or_insert_with(|| {
            End::Failed(BodyErrorKind::Incomplete { received, expected }.into())
        });
        wake(state, |state| state.body.take());
    }
}

impl Outlet {
    pub(super) fn poll_frame(
        &self,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BodyError>>> {
        let mut state = self.0.lock();
        if let Some(piece) = state.piece.take() {
            return Poll::Ready(Some(Ok(Frame::data(piece))));
        }
        match state.end.as_mut().map(|end| std::mem::replace(end, End::Reported)) {
            Some(End::Failed(error)) => Poll::Ready(Some(Err(error))),
            Some(End::Whole(Some(trailers))) => Poll::Ready(Some(Ok(Frame::trailers(trailers)))),
            Some(End::Whole(None) | End::Reported) => Poll::Ready(None),
            None => {
                state.asked = true;
                set(&mut state.body, cx);
                wake(state, |state| state.driver.take());
                Poll::Pending
            }
        }
    }

    pub(super) fn remaining(&self) -> Option<u64> {
        let state = self.0.lock();
        let waiting = state.piece.as_ref().map_or(0, |piece| piece.len() as u64);
        match &state.end {
            Some(End::Whole(_) | End::Reported) => Some(waiting),
            _ => state.length.map(|length| length.saturating_sub(state.received) + waiting),
        }
    }

    pub(super) fn is_finished(&self) -> bool {
        let state = self.0.lock();
        state.piece.is_none() && matches!(state.end, Some(End::Whole(None) | End::Reported))
    }
}

impl Drop for Outlet {
    fn drop(&mut self) {
        let mut state = self.0.lock();
        state.gone = true;
        state.piece = None;
        wake(state, |state| state.driver.take());
    }
}

impl Slot {
    fn lock(&self) -> MutexGuard<'_, State> {
        // No code that can panic runs under the lock, so a poisoned state is still a sound one.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn set(waker: &mut Option<Waker>, cx: &Context<'_>) {
    match waker {
        Some(old) if old.will_wake(cx.waker()) => {}
        _ => *waker = Some(cx.waker().clone()),
    }
}

/// Wakes after the lock is let go, so that a waker may do what it likes.
fn wake(mut state: MutexGuard<'_, State>, take: impl FnOnce(&mut State) -> Option<Waker>) {
    let waker = take(&mut state);
    drop(state);
    if let Some(waker) = waker {
        waker.wake();
    }
}
