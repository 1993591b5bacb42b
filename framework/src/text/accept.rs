//! What a client would rather have: `Accept` and `Accept-Encoding` with their weights (RFC 9110 §12).
//!
//! A weight is told in thousandths: 0 is not wanted at all, 1000 is wanted most.

use super::Fields;

/// How much a media type is wanted, by the most specific range that it is in; most, where no range is given.
///
/// ```
/// use counterpart::Fields;
/// use counterpart::http::{HeaderValue, header};
/// use counterpart::text::accept;
///
/// let mut fields = Fields::new();
/// fields.insert(header::ACCEPT, HeaderValue::from_static("text/html, text/*;q=0.5, */*;q=0.1"));
/// assert_eq!(accept::media(&fields, "text/html"), 1000);
/// assert_eq!(accept::media(&fields, "text/plain"), 500);
/// assert_eq!(accept::media(&fields, "image/png"), 100);
/// ```
#[must_use]
pub fn media(fields: &Fields, kind: &str) -> u16 {
    if !fields.contains("accept") {
        return MOST;
    }
    let group = kind.split('/').next().unwrap_or_default();
    let closeness = |range: &str| match range.split_once('/')? {
        _ if range.eq_ignore_ascii_case(kind) => Some(2),
        (of, "*") if of.eq_ignore_ascii_case(group) => Some(1),
        ("*", "*") => Some(0),
        _ => None,
    };
    let found = weights(fields, "accept")
        .filter_map(|(range, weight)| closeness(range).map(|closeness| (closeness, weight)));
    found.max().map_or(0, |(_, weight)| weight)
}

/// How much a content coding is wanted; nothing where it is not named, not even by `*`.
///
/// Nobody is sent a coding that was not asked for; `identity`, which is none, may always be sent unless its weight is 0.
#[must_use]
pub fn coding(fields: &Fields, name: &str) -> Option<u16> {
    let of = |wanted: &str| {
        let mut weights = weights(fields, "accept-encoding");
        weights.find(|(named, _)| named.eq_ignore_ascii_case(wanted)).map(|(_, weight)| weight)
    };
    of(name).or_else(|| of("*"))
}

/// Each thing named by a field, and its weight. What is malformed is left out.
fn weights<'a>(fields: &'a Fields, field: &'a str) -> impl Iterator<Item = (&'a str, u16)> {
    let values = fields.get_all(field).filter_map(|value| std::str::from_utf8(value).ok());
    values.flat_map(|value| value.split(',')).filter_map(|item| {
        let mut parts = item.split(';').map(str::trim);
        let name = parts.next().filter(|name| !name.is_empty())?;
        let weight =
            parts.find_map(|part| part.strip_prefix("q=").or_else(|| part.strip_prefix("Q=")));
        Some((name, weight.map_or(Some(MOST), thousandths)?))
    })
}

/// `0.75` as 750.
fn thousandths(weight: &str) -> Option<u16> {
    let (whole, part) = weight.split_once('.').unwrap_or((weight, ""));
    let digits = part.len() <= 3 && part.bytes().all(|byte| byte.is_ascii_digit());
    let part = if part.is_empty() { 0 } else { format!("{part:0<3}").parse().ok()? };
    match whole {
        "0" if digits => Some(part),
        "1" if digits && part == 0 => Some(MOST),
        _ => None,
    }
}

const MOST: u16 = 1000;

#[cfg(test)]
mod tests {
    use http::{HeaderValue, header};

    use super::*;

    fn accepting(value: &'static str) -> Fields {
        let mut fields = Fields::new();
        fields.insert(header::ACCEPT, HeaderValue::from_static(value));
        fields.insert(header::ACCEPT_ENCODING, HeaderValue::from_static(value));
        fields
    }

    #[test]
    fn the_closest_range_decides() {
        let fields = accepting("*/*;q=0.9, text/html;q=0, TEXT/*;level=1; q=0.25");
        assert_eq!(media(&fields, "text/html"), 0);
        assert_eq!(media(&fields, "text/css"), 250);
        assert_eq!(media(&fields, "application/json"), 900);
        assert_eq!(media(&Fields::new(), "text/html"), MOST);
        assert_eq!(media(&accepting("application/json"), "text/html"), 0);
    }

    #[test]
    fn a_coding_must_be_named() {
        let fields = accepting("gzip;q=0.5, br, zstd;q=0");
        assert_eq!(coding(&fields, "br"), Some(MOST));
        assert_eq!(coding(&fields, "GZIP"), Some(500));
        assert_eq!(coding(&fields, "zstd"), Some(0));
        assert_eq!(coding(&fields, "identity"), None);
        assert_eq!(coding(&accepting("gzip, *;q=0.1"), "br"), Some(100));
        assert_eq!(coding(&Fields::new(), "gzip"), None);
    }

    #[test]
    fn a_weight_has_at_most_three_digits() {
        let weights =
            [("1", Some(1000)), ("1.000", Some(1000)), ("0.5", Some(500)), ("0.", Some(0))];
        for (text, weight) in weights {
            assert_eq!(thousandths(text), weight, "{text}");
        }
        for wrong in ["", "2", "1.001", "0.1234", ".5", "-1", "0.x", "0,5"] {
            assert_eq!(thousandths(wrong), None, "{wrong}");
        }
    }
}
