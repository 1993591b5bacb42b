//! Looking for a byte in words.

use memchr::memchr;

/// Where a byte stands first. In paths and queries that is near: the first bytes are looked at here, eight at once, which
/// is done before `memchr` would have begun; what lies far behind them is left to it.
pub(crate) fn find(byte: u8, text: &[u8]) -> Option<usize> {
    let (chunks, tail) = text.as_chunks();
    for (at, chunk) in chunks.iter().take(NEAR).enumerate() {
        if let Some(within) = within(byte, *chunk) {
            return Some(8 * at + within);
        }
    }
    match text.last_chunk() {
        Some(_) if chunks.len() > NEAR => memchr(byte, &text[8 * NEAR..]).map(|at| 8 * NEAR + at),
        // Some of these were looked at before, and are not it.
        Some(last) => within(byte, *last).map(|at| text.len() - 8 + at),
        None => tail.iter().position(|own| *own == byte),
    }
}

/// Where either of two bytes stands first.
pub(crate) fn find_either(bytes: [u8; 2], text: &[u8]) -> Option<usize> {
    let (chunks, tail) = text.as_chunks();
    for (at, chunk) in chunks.iter().enumerate() {
        let found = bytes.map(|byte| within(byte, *chunk)).into_iter().flatten().min();
        if let Some(within) = found {
            return Some(8 * at + within);
        }
    }
    let at = tail.iter().position(|own| bytes.contains(own))?;
    Some(text.len() - tail.len() + at)
}

/// Which of eight bytes it is.
fn within(byte: u8, chunk: [u8; 8]) -> Option<usize> {
    // Zero where the byte stands; the lowest zero is the lowest byte whose highest bit comes to be set.
    let differences = u64::from_le_bytes(chunk) ^ (ONES * u64::from(byte));
    let found = differences.wrapping_sub(ONES) & !differences & (ONES << 7);
    (found != 0).then(|| found.trailing_zeros() as usize / 8)
}

/// So many times eight bytes are near.
const NEAR: usize = 4;
/// One in each byte.
const ONES: u64 = 0x0101_0101_0101_0101;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn it_is_found_where_memchr_finds_it(byte: u8, mut text: Vec<u8>, at: usize) {
            prop_assert_eq!(find(byte, &text), memchr(byte, &text));
            text.insert(at % (text.len() + 1), byte);
            prop_assert_eq!(find(byte, &text), memchr(byte, &text));
        }

        #[test]
        fn the_first_of_two_is_found(one: u8, other: u8, mut text: Vec<u8>, at: usize) {
            prop_assert_eq!(find_either([one, other], &text), memchr::memchr2(one, other, &text));
            text.insert(at % (text.len() + 1), other);
            prop_assert_eq!(find_either([one, other], &text), memchr::memchr2(one, other, &text));
        }
    }

    #[test]
    fn its_neighbours_are_not_mistaken_for_it() {
        for text in ["0.0/0/..", "\u{80}\u{1}.0/", "./.0/.0/", "...............0................./"]
        {
            assert_eq!(find(b'/', text.as_bytes()), text.find('/'), "{text}");
        }
    }
}
