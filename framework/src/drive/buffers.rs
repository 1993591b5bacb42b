//! Buffers: a pool per thread. A connection borrows them while it has something to say or to hear.

use bytes::BytesMut;

use crate::text::pool::Pool;

/// How much is read at a time, and what a buffer of the pool holds.
pub(super) const READ: usize = 8 * 1024;

/// An empty buffer to read into.
#[inline(always)]
pub(super) fn take_input() -> BytesMut {
    let mut buffer = INPUTS.with(Pool::take).unwrap_or_default();
    // Where a message has been cut off the front, this is what takes the front back.
    if buffer.capacity() < READ / 2 {
        buffer.reserve(READ);
    }
    buffer
}

/// Takes back a buffer that is empty.
#[inline]
pub(super) fn give_input(buffer: BytesMut) {
    if (1..=MOST).contains(&buffer.capacity()) {
        // A thread that ends has no pool any more; then the buffer is simply freed.
        let _ = INPUTS.try_with(|pool| pool.give(buffer));
    }
}

/// An empty buffer to write to.
#[inline(always)]
pub(super) fn take_output() -> Vec<u8> {
    OUTPUTS.with(Pool::take).unwrap_or_else(|| Vec::with_capacity(WRITE))
}

/// Takes back a buffer that is empty.
#[inline]
pub(super) fn give_output(buffer: Vec<u8>) {
    if (1..=MOST).contains(&buffer.capacity()) {
        let _ = OUTPUTS.try_with(|pool| pool.give(buffer));
    }
}

thread_local! {
    static INPUTS: Pool<BytesMut> = const { Pool::new(POOLED) };
    static OUTPUTS: Pool<Vec<u8>> = const { Pool::new(POOLED) };
}

/// What an output buffer begins with: a head and a small body.
const WRITE: usize = 1024;
/// A buffer grown past this by one large message is not kept: a pool of them would hold the memory of the worst hour.
const MOST: usize = 16 * 1024;
/// Buffers kept per thread.
const POOLED: usize = 64;
