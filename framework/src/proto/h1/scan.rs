//! Scanning: which bytes may stand where, looked at eight at a time where nearly all are good.

/// Whether the text is a token (RFC 9110 §5.6.2).
pub(super) fn is_token(text: &[u8]) -> bool {
    !text.is_empty() && name_length(text) == text.len()
}

/// How long the name is with which the text begins.
#[inline]
pub(super) fn name_length(text: &[u8]) -> usize {
    // Of the bytes of a name, nearly all are letters and `-`.
    scan(text, &NAME_BYTES, |word| {
        let lower = word | (ONES * 0x20);
        let is_letter = at_least(lower, b'a') & !at_least(lower, b'z' + 1);
        let is_other = at_least(word ^ (ONES * b'-' as u64), 1);
        (is_other & !is_letter) | (word & HIGHEST)
    })
}

pub(super) fn is_tchar(byte: u8) -> bool {
    NAME_BYTES[usize::from(byte)]
}

/// Whether every byte may stand in a field value (RFC 9110 §5.5).
pub(super) fn is_value(text: &[u8]) -> bool {
    value_length(text) == text.len()
}

/// How far the text can be a field value, with the blanks around it.
#[inline]
pub(super) fn value_length(text: &[u8]) -> usize {
    scan(text, &VALUE_BYTES, |word| {
        // Less than a blank borrows, DEL and one more overflows.
        (word.wrapping_sub(ONES * b' ' as u64) | word.wrapping_add(ONES)) & !word & HIGHEST
    })
}

/// How long the request target is with which the text begins: visible ASCII without `#`, which is never sent.
/// That is wider than the URI grammar, as browsers send `|` and `[` as they are.
#[inline]
pub(super) fn target_length(text: &[u8]) -> usize {
    scan(text, &TARGET_BYTES, |word| {
        below(word, b'!') | equal(word, DEL) | equal(word, b'#') | (word & HIGHEST)
    })
}

/// Whether the text is one request target.
pub(super) fn is_target(text: &[u8]) -> bool {
    !text.is_empty() && target_length(text) == text.len()
}

/// How many bytes at the front of the text can stand in the name of a host that has no encoding in it.
pub(super) fn host_length(text: &[u8]) -> usize {
    // Of the bytes of a host, nearly all are letters, digits, `.` and `-`.
    scan(text, &HOST_BYTES, |word| {
        let lower = word | (ONES * 0x20);
        let is_letter = at_least(lower, b'a') & !at_least(lower, b'z' + 1);
        let is_digit = at_least(word, b'0') & !at_least(word, b'9' + 1);
        let is_mark = at_least(word, b'-') & !at_least(word, b'.' + 1);
        (!(is_letter | is_digit | is_mark) | word) & HIGHEST
    })
}

/// Whether a byte can stand in the name of a host.
pub(super) fn is_host_byte(byte: u8) -> bool {
    HOST_BYTES[usize::from(byte)]
}

/// How many bytes at the front of the text are in the table. Of a word, `odd` marks by its highest bit each
/// byte that may not be; what it marks behind the first such byte does not count.
#[inline(always)]
fn scan(text: &[u8], table: &[bool; 256], odd: impl Fn(u64) -> u64) -> usize {
    let mut length = 0;
    loop {
        let (words, _) = text[length..].as_chunks();
        let mut marks = 0;
        for word in words {
            marks = odd(u64::from_le_bytes(*word));
            if marks != 0 {
                break;
            }
            length += word.len();
        }
        if marks == 0 {
            break;
        }
        length += marks.trailing_zeros() as usize / 8;
        if !table[usize::from(text[length])] {
            return length;
        }
        length += 1;
    }
    if let Some(word) = text.last_chunk()
        && length < text.len()
    {
        // The last word overlaps with what was seen already.
        let seen = word.len() - (text.len() - length);
        let odd = odd(u64::from_le_bytes(*word)) >> (8 * seen);
        if odd == 0 {
            return text.len();
        }
        length += odd.trailing_zeros() as usize / 8;
    }
    length + run(&text[length..], table)
}

/// How many bytes at the front of the text are in the table.
fn run(text: &[u8], table: &[bool; 256]) -> usize {
    let mut length = 0;
    while length < text.len() && table[usize::from(text[length])] {
        length += 1;
    }
    length
}

/// Marks the first of eight bytes that is less than this one, which is at most 128, and maybe others behind it.
const fn below(word: u64, byte: u8) -> u64 {
    // The lesser borrows from its own highest bit, which it did not have, and then from the next byte.
    word.wrapping_sub(ONES * byte as u64) & !word & HIGHEST
}

/// Marks the first of eight bytes that is this one, and maybe others behind it.
const fn equal(word: u64, byte: u8) -> u64 {
    below(word ^ (ONES * byte as u64), 1)
}

/// The highest bit of each of eight bytes that is this one or more; all are below 128.
const fn at_least(word: u64, byte: u8) -> u64 {
    (word | HIGHEST).wrapping_sub(ONES * byte as u64) & HIGHEST
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

/// The bytes of a field value, to be looked up.
static VALUE_BYTES: [bool; 256] = {
    let mut table = [true; 256];
    let mut byte = 0;
    while byte < b' ' {
        table[byte as usize] = byte == b'\t';
        byte += 1;
    }
    table[DEL as usize] = false;
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

/// The bytes of a host's name, to be looked up: `unreserved / sub-delims` (RFC 3986 §3.2.2).
static HOST_BYTES: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0u8;
    while byte < 128 {
        table[byte as usize] = byte.is_ascii_alphanumeric()
            || matches!(byte, b'-' | b'.' | b'_' | b'~' | b'!' | b'$' | b'&' | b'\'')
            || matches!(byte, b'(' | b')' | b'*' | b'+' | b',' | b';' | b'=');
        byte += 1;
    }
    table
};

/// One in each of eight bytes.
const ONES: u64 = 0x0101_0101_0101_0101;
/// The highest bit of each of eight bytes.
const HIGHEST: u64 = ONES * 0x80;
const DEL: u8 = 0x7f;

#[cfg(test)]
mod tests {
    use super::*;

    /// Asks of every byte, at every place of texts shorter and longer than a word.
    fn assert_words_agree(holds: fn(&[u8]) -> bool, length_of: fn(&[u8]) -> usize) {
        for byte in 0..=255 {
            let alone = holds(&[byte]);
            for length in [7, 8, 9, 15, 16, 17] {
                for at in 0..length {
                    for other in [b'!', b'~', b'a', b'Z', b'-', b'z'] {
                        let mut text = vec![other; length];
                        text[at] = byte;
                        assert_eq!(holds(&text), alone, "{byte:#x} at {at} of {length}");
                        let front = if alone { length } else { at };
                        assert_eq!(length_of(&text), front, "{byte:#x} at {at} of {length}");
                    }
                }
            }
        }
    }

    #[test]
    fn words_are_judged_as_their_bytes_are() {
        assert_words_agree(is_value, value_length);
        assert_words_agree(is_target, target_length);
        assert_words_agree(is_token, name_length);
        assert_words_agree(|text| text.iter().all(|&byte| is_host_byte(byte)), host_length);
        assert!(is_value(b"") && !is_target(b"") && !is_token(b""));
    }

    /// What a byte of all ones, or one that may not be, carries into its neighbours changes nothing of what they are.
    #[test]
    fn neighbours_are_judged_alone() {
        for first in 0..=255 {
            for second in 0..=255 {
                let text = [b'a', first, second, b'a', b'a', b'a', b'a', b'a', b'a'];
                let good = |byte: &u8| VALUE_BYTES[usize::from(*byte)];
                let length = text.iter().take_while(|byte| good(byte)).count();
                assert_eq!(value_length(&text), length, "{first:#x} {second:#x}");
            }
        }
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
