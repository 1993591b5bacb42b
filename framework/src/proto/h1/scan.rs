//! Scanning: which bytes may stand where, looked at eight at a time where nearly all are good.

/// Whether the text is a token (RFC 9110 §5.6.2).
pub(super) fn is_token(text: &[u8]) -> bool {
    !text.is_empty() && name_length(text) == text.len()
}

/// How long the name is with which the text begins.
pub(super) fn name_length(text: &[u8]) -> usize {
    run(text, &NAME_BYTES)
}

/// How many bytes at the front of the text are in the table.
pub(super) fn run(text: &[u8], table: &[bool; 256]) -> usize {
    let mut length = 0;
    while length < text.len() && table[usize::from(text[length])] {
        length += 1;
    }
    length
}

pub(super) fn is_tchar(byte: u8) -> bool {
    NAME_BYTES[usize::from(byte)]
}

/// Whether every byte may stand in a field value (RFC 9110 §5.5).
pub(super) fn is_value(text: &[u8]) -> bool {
    // A tab is rare enough to be looked for in the slow way.
    let is_plain = |word| below(word, b' ') | equal(word, DEL) == 0;
    all_words(text, is_plain)
        || text.iter().all(|byte| matches!(byte, b'\t' | b' '..=b'~' | 0x80..))
}

/// Whether every byte may stand in a request target: visible ASCII without `#`, which is never sent. That
/// is wider than the URI grammar, as browsers send `|` and `[` as they are.
pub(super) fn is_target(text: &[u8]) -> bool {
    let is_plain =
        |word| below(word, b'!') | equal(word, DEL) | equal(word, b'#') | (word & HIGHEST) == 0;
    !text.is_empty() && (all_words(text, is_plain) || run(text, &TARGET_BYTES) == text.len())
}

pub(super) fn is_target_byte(byte: u8) -> bool {
    TARGET_BYTES[usize::from(byte)]
}

/// Whether this is so for all words of a text, the last of which may overlap the one before. Not if it is
/// shorter than a word.
fn all_words(text: &[u8], holds: impl Fn(u64) -> bool) -> bool {
    let Some(last) = text.last_chunk() else { return false };
    let (words, _) = text.as_chunks();
    words.iter().all(|word| holds(u64::from_ne_bytes(*word))) && holds(u64::from_ne_bytes(*last))
}

/// Not 0 if one of eight bytes is less than this one, which is at most 128.
const fn below(word: u64, byte: u8) -> u64 {
    // The lesser borrows from its own highest bit, which it did not have.
    word.wrapping_sub(ONES * byte as u64) & !word & HIGHEST
}

/// Not 0 if one of eight bytes is this one.
const fn equal(word: u64, byte: u8) -> u64 {
    below(word ^ (ONES * byte as u64), 1)
}

/// The bytes of a token, to be looked up.
static NAME_BYTES: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0;
    while byte < 256 {
        table[byte] = is_in_token(byte as u8);
        byte += 1;
    }
    table
};

/// The bytes of a target, to be looked up.
static TARGET_BYTES: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = b'!';
    while byte <= b'~' {
        table[byte as usize] = byte != b'#';
        byte += 1;
    }
    table
};

const fn is_in_token(byte: u8) -> bool {
    matches!(byte, b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' | b'!' | b'#' | b'$' | b'%' | b'&' | b'\'' | b'*')
        || matches!(byte, b'+' | b'-' | b'.' | b'^' | b'_' | b'`' | b'|' | b'~')
}

/// One in each of eight bytes.
const ONES: u64 = 0x0101_0101_0101_0101;
/// The highest bit of each of eight bytes.
const HIGHEST: u64 = ONES * 0x80;
const DEL: u8 = 0x7f;

#[cfg(test)]
mod tests {
    use super::*;

    /// Asks of every byte, at every place of texts shorter and longer than a word.
    fn assert_words_agree(holds: fn(&[u8]) -> bool) {
        for byte in 0..=255 {
            let alone = holds(&[byte]);
            for length in [7, 8, 9, 15, 16, 17] {
                for at in 0..length {
                    for other in [b'!', b'~'] {
                        let mut text = vec![other; length];
                        text[at] = byte;
                        assert_eq!(holds(&text), alone, "{byte:#x} at {at} of {length}");
                    }
                }
            }
        }
    }

    #[test]
    fn words_are_judged_as_their_bytes_are() {
        assert_words_agree(is_value);
        assert_words_agree(is_target);
        assert_words_agree(is_token);
        assert!(is_value(b"") && !is_target(b"") && !is_token(b""));
    }

    #[test]
    fn bytes_have_their_places() {
        let values: Vec<u8> = (0..=255).filter(|&byte| !is_value(&[byte])).collect();
        let controls: Vec<u8> = (0..=8).chain(10..=31).chain([127]).collect();
        assert_eq!(values, controls);
        let targets = (0..=255).filter(|&byte| is_target(&[byte])).count();
        assert_eq!(targets, 93);
        assert_eq!((0..=255).filter(|&byte| is_tchar(byte)).count(), 77);
    }
}
