//! Bytes that are written for one body, into a buffer that goes back to its thread.

use std::fmt;
use std::ops::Deref;

use crate::text::pool::Pool;

/// Bytes that were written for a body.
pub(super) struct Written(Vec<u8>);

/// An empty buffer for a body to be written into.
pub(crate) fn buffer() -> Vec<u8> {
    POOL.with(Pool::take).unwrap_or_else(|| Vec::with_capacity(LEAST))
}

impl Written {
    /// The bytes, to be kept by somebody else.
    pub(super) fn into_vec(mut self) -> Vec<u8> {
        std::mem::take(&mut self.0)
    }
}

impl From<Vec<u8>> for Written {
    fn from(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }
}

impl Deref for Written {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for Written {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} bytes", self.len())
    }
}

impl Drop for Written {
    fn drop(&mut self) {
        if !(LEAST..=MOST).contains(&self.0.capacity()) {
            return;
        }
        let mut buffer = std::mem::take(&mut self.0);
        buffer.clear();
        // A thread that ends has no pool any more; then the buffer is simply freed.
        let _ = POOL.try_with(|pool| pool.give(buffer));
    }
}

thread_local! {
    static POOL: Pool<Vec<u8>> = const { Pool::new(POOLED) };
}

/// What a buffer begins with: room for most answers.
const LEAST: usize = 512;
/// A buffer grown past this by one large body is not kept.
const MOST: usize = 16 * 1024;
/// Buffers kept per thread. An answer is nearly always sent before the next one is written.
const POOLED: usize = 16;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_buffer_comes_back_empty_unless_somebody_keeps_it() {
        let mut bytes = buffer();
        bytes.extend_from_slice(b"secret");
        let place = bytes.as_ptr();
        drop(Written::from(bytes));
        let again = buffer();
        assert_eq!((again.as_ptr(), again.len()), (place, 0));
        let kept = Written::from(again).into_vec();
        let another = buffer();
        assert_ne!(another.as_ptr(), kept.as_ptr());
    }
}
