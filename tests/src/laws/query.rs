//! Queries: read as the form encoding says, whatever is in them.

use std::collections::BTreeMap;

use counterpart::typed::query::{Query, encode, write};

/// The bytes are a query.
///
/// # Panics
/// If it is not read as the form encoding says, or what was read is not written as it was.
pub fn query(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let Some(due) = pairs(text) else {
        assert!(Query::parse(text).is_err(), "read though it is broken: {text:?}");
        return;
    };
    let Ok(query) = Query::parse(text) else {
        assert!(text.matches('&').count() >= 1000, "refused: {text:?}");
        return;
    };
    for key in due.iter().map(|(key, _)| key.as_str()).chain(["absent"]).take(8) {
        reads_key(query, key, &due);
    }
    if let Ok(map) = query.read::<BTreeMap<String, String>>("any") {
        assert_eq!(map, due.iter().cloned().collect());
        comes_through(&map);
    }
}

fn reads_key(query: Query<'_>, key: &str, due: &[(String, String)]) {
    let values: Vec<_> = due.iter().filter(|(own, _)| own == key).map(|(_, value)| value).collect();
    let all = query.read::<Vec<String>>(key).expect("texts");
    assert_eq!(all.iter().collect::<Vec<_>>(), values);
    match (query.read::<String>(key), values.as_slice()) {
        (Ok(one), [value]) => assert_eq!(&&one, value),
        (Err(_), [] | [_, _, ..]) => {}
        (read, values) => panic!("{key:?} is {read:?}, and stands for {values:?}"),
    }
    // Whatever they say, they say it.
    let _ = (query.read::<Option<u64>>(key), query.read::<bool>(key), query.read::<f64>(key));
    let _ = (query.read::<Vec<i8>>(key), query.read::<char>(key), query.read::<(u8, u8)>(key));
}

fn comes_through(map: &BTreeMap<String, String>) {
    let pairs = write("any", map).expect("a map of texts has a form");
    let text: Vec<_> =
        pairs.iter().map(|(key, value)| format!("{}={}", encode(key), encode(value))).collect();
    let text = text.join("&");
    let again = Query::parse(&text).expect("what was written").read("any");
    assert_eq!(again.as_ref(), Ok(map), "{text:?}");
}

/// The pairs of a query, decoded as plainly as can be; none if an encoding is broken.
fn pairs(text: &str) -> Option<Vec<(String, String)>> {
    let pairs = text.split('&').filter(|pair| !pair.is_empty()).map(|pair| {
        let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
        Some((decoded(key)?, decoded(value)?))
    });
    pairs.collect()
}

fn decoded(word: &str) -> Option<String> {
    let (mut out, mut rest) = (Vec::new(), word.as_bytes());
    while let Some((&byte, after)) = rest.split_first() {
        rest = after;
        match byte {
            b'+' => out.push(b' '),
            b'%' => {
                let digits = std::str::from_utf8(after.get(..2)?).ok()?;
                let plain = digits.bytes().all(|digit| digit.is_ascii_hexdigit());
                out.push(u8::from_str_radix(digits, 16).ok().filter(|_| plain)?);
                rest = &after[2..];
            }
            byte => out.push(byte),
        }
    }
    String::from_utf8(out).ok()
}
