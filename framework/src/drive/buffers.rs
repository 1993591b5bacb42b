//! Buffers: a pool per thread. A connection borrows them while it has something to say or to hear.

use std::cell::RefCell;

use bytes::BytesMut;

/// How much is read at a time, and what a buffer of the pool holds.
pub(super) const READ: usize = 8 * 1024;

/// An empty buffer to read into.
pub(super) fn take_input() -> BytesMut {
    let pooled = INPUTS.try_with(|pool| pool.borrow_mut().pop()).ok().flatten();
    let mut buffer = pooled.unwrap_or_default();
    // Where a message has been cut off the front, this is what takes the front back.
    if buffer.capacity() < READ / 2 {
        buffer.reserve(READ);
    }
    buffer
}

/// Takes back a buffer that is empty.
pub(super) fn give_input(buffer: BytesMut) {
    if buffer.capacity() == 0 || buffer.capacity() > MOST {
        return;
    }
    // A thread that ends has no pool any more; then the buffer is simply freed.
    let _ = INPUTS.try_with(|pool| keep(&mut pool.borrow_mut(), buffer));
}

/// An empty buffer to write to.
pub(super) fn take_output() -> Vec<u8> {
    let pooled = OUTPUTS.try_with(|pool| pool.borrow_mut().pop()).ok().flatten();
    pooled.unwrap_or_else(|| Vec::with_capacity(WRITE))
}

/// Takes back a buffer that is empty.
pub(super) fn give_output(buffer: Vec<u8>) {
    if buffer.capacity() == 0 || buffer.capacity() > MOST {
        return;
    }
    let _ = OUTPUTS.try_with(|pool| keep(&mut pool.borrow_mut(), buffer));
}

fn keep<T>(pool: &mut Vec<T>, buffer: T) {
    if pool.len() < POOLED {
        pool.push(buffer);
    }
}

thread_local! {
    static INPUTS: RefCell<Vec<BytesMut>> = const { RefCell::new(Vec::new()) };
    static OUTPUTS: RefCell<Vec<Vec<u8>>> = const { RefCell::new(Vec::new()) };
}

/// What an output buffer begins with: a head and a small body.
const WRITE: usize = 1024;
/// A buffer grown past this by one large message is not kept: a pool of them would hold the memory of the worst hour.
const MOST: usize = 16 * 1024;
/// Buffers kept per thread.
const POOLED: usize = 64;
