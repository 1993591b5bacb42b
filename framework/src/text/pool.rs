//! A pool of a thread: what one message is done with, for the next.

use std::cell::{Cell, RefCell};

/// Things that are kept to be used again, at most so many.
///
/// Nearly always one is taken and given back before another is taken: that one costs no more than a look.
pub(crate) struct Pool<T> {
    next: Cell<Option<T>>,
    others: RefCell<Vec<T>>,
    most: usize,
}

impl<T> Pool<T> {
    pub(crate) const fn new(most: usize) -> Self {
        Self { next: Cell::new(None), others: RefCell::new(Vec::new()), most }
    }

    #[inline]
    pub(crate) fn take(&self) -> Option<T> {
        self.next.take().or_else(|| self.take_other())
    }

    #[inline]
    pub(crate) fn give(&self, thing: T) {
        if let Some(other) = self.next.replace(Some(thing)) {
            self.give_other(other);
        }
    }

    #[cold]
    fn take_other(&self) -> Option<T> {
        self.others.borrow_mut().pop()
    }

    #[cold]
    fn give_other(&self, thing: T) {
        let mut others = self.others.borrow_mut();
        if others.len() + 1 < self.most {
            others.push(thing);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_more_are_kept_than_may_be() {
        let pool = Pool::new(2);
        assert_eq!(pool.take(), None);
        [1, 2, 3].into_iter().for_each(|thing| pool.give(thing));
        assert_eq!([pool.take(), pool.take(), pool.take()], [Some(3), Some(1), None]);
    }
}
