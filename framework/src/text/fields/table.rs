//! The table itself, and the pool that it comes from and goes back to.

use bytes::Bytes;
use http::{HeaderName, HeaderValue};

use crate::text::pool::Pool;

/// What was read, then what was made.
#[derive(Default, Clone)]
pub(super) struct Table {
    pub(super) block: Bytes,
    pub(super) read: Vec<Slot>,
    pub(super) made: Vec<(HeaderName, HeaderValue)>,
    /// A bit for each name that was ever added, so that most names that are not there need not be looked for.
    pub(super) names: u64,
}

/// Where one field line's name and value begin and end in the block.
#[derive(Clone, Copy)]
pub(super) struct Slot {
    pub(super) name: u32,
    pub(super) colon: u32,
    pub(super) value: u32,
    pub(super) end: u32,
}

impl Table {
    /// Empties it, and tells whether it is small enough to be kept.
    pub(super) fn clear(&mut self) -> bool {
        self.block = Bytes::new();
        self.names = 0;
        self.read.clear();
        if !self.made.is_empty() {
            self.made.clear();
        }
        self.read.capacity() <= MOST_SLOTS && self.made.capacity() <= MOST_SLOTS
    }

    pub(super) fn len(&self) -> usize {
        self.read.len() + self.made.len()
    }

    pub(super) fn push(&mut self, name: HeaderName, value: HeaderValue) {
        self.names |= mark(name.as_str().as_bytes());
        self.made.push((name, value));
    }

    /// Whether a field of this name may be there.
    #[inline]
    pub(super) fn may_have(&self, name: &str) -> bool {
        self.names & mark(name.as_bytes()) != 0
    }

    /// The values of a name.
    pub(super) fn values<'t>(&'t self, name: &str) -> impl Iterator<Item = &'t [u8]> {
        let length = name.len() as u32;
        let read = self.read.iter().filter(move |slot| slot.colon - slot.name == length);
        let read = read.filter(move |slot| is(slot.name(&self.block), name));
        let made = self.made.iter().filter(move |(own, _)| is(own.as_str().as_bytes(), name));
        read.map(|slot| slot.value(&self.block)).chain(made.map(|(_, value)| value.as_bytes()))
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (&[u8], &[u8])> {
        self.read_lines().chain(self.made_lines())
    }

    fn read_lines(&self) -> impl Iterator<Item = (&[u8], &[u8])> {
        self.read.iter().map(|slot| (slot.name(&self.block), slot.value(&self.block)))
    }

    fn made_lines(&self) -> impl Iterator<Item = (&[u8], &[u8])> {
        self.made.iter().map(|(name, value)| (name.as_str().as_bytes(), value.as_bytes()))
    }
}

/// One of 64 bits for a name: by its length and its first and last letter, in either case.
#[inline]
pub(super) fn mark(name: &[u8]) -> u64 {
    let [first, .., last] = name else { return 1 };
    let letters = usize::from(first | 0x20) + 5 * usize::from(last | 0x20);
    1 << ((letters + 3 * name.len()) % 64)
}

impl Slot {
    pub(super) fn name(self, block: &[u8]) -> &[u8] {
        &block[self.name as usize..self.colon as usize]
    }

    pub(super) fn value(self, block: &[u8]) -> &[u8] {
        &block[self.value as usize..self.end as usize]
    }
}

pub(super) fn is(field: &[u8], name: &str) -> bool {
    field.len() == name.len() && field.eq_ignore_ascii_case(name.as_bytes())
}

/// An empty table.
pub(super) fn take() -> Box<Table> {
    POOL.with(Pool::take).unwrap_or_default()
}

/// Takes one back.
pub(super) fn give(mut table: Box<Table>) {
    if table.clear() {
        // A thread that ends has no pool any more; then the table is simply freed.
        let _ = POOL.try_with(|pool| pool.give(table));
    }
}

thread_local! {
    static POOL: Pool<Box<Table>> = const { Pool::new(MOST_TABLES) };
}

/// Tables kept per thread: enough for the requests in flight on one worker between two polls.
const MOST_TABLES: usize = 64;
/// A table grown past this by one odd message is not kept.
const MOST_SLOTS: usize = 128;
