//! Ranges and entity tags: read by the letter, whatever is in the field.

use counterpart::text::{EntityTag, Ranged};

/// The first byte is a length, squared; the rest is the value of a `Range`, and of a list of tags.
///
/// # Panics
/// If a part is not the one that RFC 9110 §14.1 means, or a tag is not read as it is written.
pub fn ranges(data: &[u8]) {
    let Some((&length, field)) = data.split_first() else { return };
    let length = u64::from(length) * u64::from(length);
    let read = Ranged::of(field, length);
    assert_eq!(read, plainly(field, length), "{} of {length}", field.escape_ascii());
    if let Ranged::Part(part) = read {
        assert!(part.start() <= part.end() && *part.end() < length);
    }
    for tag in EntityTag::list(field) {
        let written = tag.to_string();
        if written.is_ascii() {
            assert_eq!(EntityTag::parse(written.as_bytes()), Some(tag));
        }
        assert!(tag.is_weakly(&tag) && tag.is_strongly(&tag) != tag.is_weak());
    }
}

/// The same, as plainly as can be: the text is taken apart as text, and no sum is too large. A number that 64 bits cannot
/// count is as good as the largest that they can: no file is so long.
fn plainly(field: &[u8], length: u64) -> Ranged {
    let Ok(text) = std::str::from_utf8(field) else { return Ranged::Whole };
    let Some((unit, set)) = text.split_once('=') else { return Ranged::Whole };
    let blank = [' ', '\t'];
    let specs: Vec<_> = set
        .split(',')
        .map(|spec| spec.trim_matches(blank))
        .filter(|spec| !spec.is_empty())
        .collect();
    let ([spec], "bytes") = (&specs[..], &*unit.to_ascii_lowercase()) else { return Ranged::Whole };
    let Some((first, last)) = spec.split_once('-') else { return Ranged::Whole };
    let length = u128::from(length);
    let (begin, end) = match (number(first), number(last)) {
        (Some(first), Some(last)) if first <= last => (first, last.min(length.saturating_sub(1))),
        (Some(first), None) if last.is_empty() => (first, length.saturating_sub(1)),
        (None, Some(0)) if first.is_empty() => return Ranged::Unsatisfiable,
        (None, Some(_)) if first.is_empty() && length == 0 => return Ranged::Whole,
        (None, Some(last)) if first.is_empty() => (length.saturating_sub(last), length - 1),
        _ => return Ranged::Whole,
    };
    match (u64::try_from(begin), u64::try_from(end)) {
        (Ok(from), Ok(to)) if begin < length => Ranged::Part(from..=to),
        _ => Ranged::Unsatisfiable,
    }
}

fn number(text: &str) -> Option<u128> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| text.parse().unwrap_or(u64::MAX).into())
}
