//! The query: `key=value` pairs joined by `&` (as HTML forms write them), a plus or `%20` for a space.
//!
//! A key that is absent is an absent option or an empty list; a list is the key once for each element; a
//! struct is its fields, each a key.

use std::borrow::Cow;

use memchr::{memchr, memchr2};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Serialize;
use serde::de::value::{CowStrDeserializer, StrDeserializer};
use serde::de::{Deserialize, DeserializeSeed, MapAccess, Visitor};

use super::path;
use super::text::{self, Reader, TextError, Words, Written};
use crate::text::find::find;

/// A query, checked; it is parted and decoded only where it is read, so that it costs no memory.
#[derive(Debug, Clone, Copy, Default)]
pub struct Query<'q>(&'q str);

impl<'q> Query<'q> {
    /// Checks a query.
    ///
    /// # Errors
    /// If something in it is not percent-encoded UTF-8, or there are over 1,000 pairs.
    pub fn parse(query: &'q str) -> Result<Self, TextError> {
        bounded(query)?;
        if memchr(b'%', query.as_bytes()).is_some() {
            Self(query).pairs().try_for_each(well_encoded)?;
        }
        Ok(Self(query))
    }

    /// Reads what stands under a key; a struct or a map takes all keys.
    ///
    /// # Errors
    /// If that is no `T`.
    pub fn read<T: for<'d> Deserialize<'d>>(&self, key: &str) -> Result<T, TextError> {
        text::read(Key { query: *self, key, first: self.first(key) })
    }

    /// The first pair, and all that stands behind it.
    fn pair(self) -> Option<(&'q str, Self)> {
        let (pair, behind) = part(self.0, b'&');
        (!self.0.is_empty()).then_some((pair, Self(behind)))
    }

    /// The value of the first pair of a key, and all that stands behind that pair.
    fn first(mut self, key: &str) -> Option<(&'q str, Self)> {
        while let Some((pair, behind)) = self.pair() {
            self = behind;
            if may_be(pair, key) {
                let (name, value) = part(pair, b'=');
                if checked(name) == key {
                    return Some((value, self));
                }
            }
        }
        None
    }

    fn pairs(mut self) -> impl Iterator<Item = &'q str> {
        let next = std::iter::from_fn(move || {
            let (pair, behind) = self.pair()?;
            self = behind;
            Some(pair)
        });
        next.filter(|pair| !pair.is_empty())
    }

    /// The names, decoded, with their values.
    fn decoded(self) -> impl Iterator<Item = Pair<'q>> {
        self.pairs().map(|pair| {
            let (key, value) = part(pair, b'=');
            (checked(key), value)
        })
    }
}

/// Whether a pair may be one of this key, by its first byte: most are not.
fn may_be(pair: &str, key: &str) -> bool {
    let Some(first) = pair.as_bytes().first() else { return false };
    matches!(first, b'%' | b'+' | b'=') || key.as_bytes().first() == Some(first)
}

/// What stands before and behind the first such byte, which is ASCII.
fn part(text: &str, at: u8) -> (&str, &str) {
    find(at, text.as_bytes()).map_or((text, ""), |at| (&text[..at], &text[at + 1..]))
}

/// Refuses a query of more pairs than anybody reads.
///
/// # Errors
/// If there are over 1,000.
pub fn bounded(query: impl AsRef<[u8]>) -> Result<(), TextError> {
    let query = query.as_ref();
    // A pair takes a byte at least, so most queries need not be looked at.
    let flood = query.len() >= MOST_PAIRS
        && query.iter().filter(|byte| **byte == b'&').count() >= MOST_PAIRS;
    if flood {
        return Err(TextError::invalid(format!("there are over {MOST_PAIRS} pairs")));
    }
    Ok(())
}

fn well_encoded(pair: &str) -> Result<(), TextError> {
    if find(b'%', pair.as_bytes()).is_none() {
        return Ok(());
    }
    let (key, value) = part(pair, b'=');
    let key = decode(key)?;
    decode(value).map(drop).map_err(|error| error.of_key(key))
}

/// A word of a query that was checked.
fn checked(word: &str) -> Cow<'_, str> {
    decode(word).unwrap_or(Cow::Borrowed(word))
}

/// The pairs that a value makes under a key, not yet encoded.
///
/// # Errors
/// If the value has no such form.
pub fn write<T: Serialize + ?Sized>(
    key: &str,
    value: &T,
) -> Result<Vec<(String, String)>, TextError> {
    let mut pairs = Vec::new();
    push(&mut pairs, key, text::write(value)?)?;
    Ok(pairs)
}

fn push(pairs: &mut Vec<(String, String)>, key: &str, written: Written) -> Result<(), TextError> {
    match written {
        Written::Absent => {}
        Written::One(word) => pairs.push((key.into(), word)),
        Written::Many(words) => pairs.extend(words.into_iter().map(|word| (key.into(), word))),
        Written::Named(fields) => {
            for (name, field) in fields {
                if matches!(field, Written::Named(_)) {
                    return Err(TextError::invalid("a struct in a struct has no form as a query"));
                }
                push(pairs, &name, field)?;
            }
        }
    }
    Ok(())
}

/// A key or a value, encoded.
pub fn encode(word: &str) -> impl std::fmt::Display {
    utf8_percent_encode(word, WORD)
}

const WORD: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// More pairs than any honest query has; a bound on the work that one request can ask for.
const MOST_PAIRS: usize = 1000;

fn decode(raw: &str) -> Result<Cow<'_, str>, TextError> {
    match memchr2(b'%', b'+', raw.as_bytes()) {
        None => Ok(raw.into()),
        Some(_) => path::unescape(raw, b' ').map(Cow::Owned),
    }
}

/// The values of a key: the first is found once, whatever is asked of them.
#[derive(Clone, Copy)]
struct Key<'q, 'k> {
    query: Query<'q>,
    key: &'k str,
    first: Option<(&'q str, Query<'q>)>,
}

impl<'q, 'k> Key<'q, 'k> {
    fn values(self) -> impl Iterator<Item = &'q str> {
        let mut next = self.first;
        std::iter::from_fn(move || {
            let (value, behind) = next?;
            next = behind.first(self.key);
            Some(value)
        })
    }
}

/// The only value of a key.
fn only<'q>(mut values: impl Iterator<Item = &'q str>) -> Result<Cow<'q, str>, TextError> {
    let value = values.next().ok_or_else(TextError::missing)?;
    match values.next() {
        None => Ok(checked(value)),
        Some(_) => Err(TextError::duplicate()),
    }
}

impl<'q> Words<'q> for Key<'q, '_> {
    fn is_absent(self) -> bool {
        self.first.is_none()
    }

    fn one(self) -> Result<Cow<'q, str>, TextError> {
        only(self.values())
    }

    fn each(self) -> Result<Vec<Cow<'q, str>>, TextError> {
        Ok(self.values().map(checked).collect())
    }

    fn has_names(self, fields: Option<&'static [&'static str]>) -> bool {
        let wanted = |key: &str| fields.is_none_or(|fields| fields.contains(&key));
        self.query.decoded().any(|(key, _)| wanted(&key))
    }

    fn named<V: Visitor<'q>>(
        self,
        fields: Option<&'static [&'static str]>,
        visitor: V,
    ) -> Result<V::Value, TextError> {
        match fields {
            Some(fields) => {
                let (query, key) = (self.query, self);
                visitor.visit_map(Members { query, fields: fields.iter(), key })
            }
            None => visitor.visit_map(Keys::of(self.query)),
        }
    }
}

/// The keys of a struct, in its own order, so that its first mistake is the one that is told.
struct Members<'q, 'k> {
    query: Query<'q>,
    fields: std::slice::Iter<'static, &'static str>,
    key: Key<'q, 'k>,
}

impl<'q> MapAccess<'q> for Members<'q, '_> {
    type Error = TextError;

    fn next_key_seed<K: DeserializeSeed<'q>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, TextError> {
        let query = self.query;
        let mut keys = self.fields.by_ref().map(|key| Key { query, key, first: query.first(key) });
        let Some(key) = keys.find(|key| key.first.is_some()) else { return Ok(None) };
        self.key = key;
        seed.deserialize(StrDeserializer::new(key.key)).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'q>>(&mut self, seed: V) -> Result<V::Value, TextError> {
        seed.deserialize(Reader::new(self.key)).map_err(|error| error.of_key(self.key.key))
    }
}

/// A key, decoded, and its value as it came.
type Pair<'q> = (Cow<'q, str>, &'q str);

/// The pairs of one key, of all that are sorted.
fn run<'p, 'q>(pairs: &'p [Pair<'q>], key: &str) -> &'p [Pair<'q>] {
    let rest = &pairs[pairs.partition_point(|(name, _)| **name < *key)..];
    &rest[..rest.partition_point(|(name, _)| name == key)]
}

/// The pairs of one key of a map.
#[derive(Clone, Copy)]
struct Run<'q, 'p>(&'p [Pair<'q>]);

impl<'q, 'p> Run<'q, 'p> {
    fn values(self) -> impl Iterator<Item = &'q str> + use<'q, 'p> {
        self.0.iter().map(|(_, value)| *value)
    }
}

impl<'q> Words<'q> for Run<'q, '_> {
    fn is_absent(self) -> bool {
        self.0.is_empty()
    }

    fn one(self) -> Result<Cow<'q, str>, TextError> {
        only(self.values())
    }

    fn each(self) -> Result<Vec<Cow<'q, str>>, TextError> {
        Ok(self.values().map(checked).collect())
    }
}

/// All keys, for a map. They are sorted, so that a thousand of them are not looked for in a thousand pairs each; what
/// stands under one key stays in its order.
struct Keys<'q> {
    pairs: Vec<Pair<'q>>,
    keys: std::vec::IntoIter<Cow<'q, str>>,
    key: Cow<'q, str>,
}

impl<'q> Keys<'q> {
    fn of(query: Query<'q>) -> Self {
        let mut pairs: Vec<_> = query.decoded().collect();
        pairs.sort_by(|(one, _), (other, _)| one.cmp(other));
        let mut keys: Vec<_> = pairs.iter().map(|(key, _)| key.clone()).collect();
        keys.dedup();
        Self { pairs, keys: keys.into_iter(), key: "".into() }
    }
}

impl<'q> MapAccess<'q> for Keys<'q> {
    type Error = TextError;

    fn next_key_seed<K: DeserializeSeed<'q>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, TextError> {
        let Some(key) = self.keys.next() else { return Ok(None) };
        self.key = key.clone();
        seed.deserialize(CowStrDeserializer::new(key)).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'q>>(&mut self, seed: V) -> Result<V::Value, TextError> {
        let run = Run(run(&self.pairs, &self.key));
        seed.deserialize(Reader::new(run)).map_err(|error| error.of_key(&self.key))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn encoded<T: Serialize>(key: &str, value: &T) -> String {
        let pairs = write(key, value).unwrap();
        let pair = |(key, value): &(String, String)| format!("{}={}", encode(key), encode(value));
        pairs.iter().map(pair).collect::<Vec<_>>().join("&")
    }

    fn law<T: Serialize + for<'d> Deserialize<'d>>(value: &T) -> T {
        Query::parse(&encoded("key", value)).unwrap().read("key").unwrap()
    }

    proptest! {
        #[test]
        fn every_text_option_and_list_comes_through(
            text in ".*", option in proptest::option::of(".*"), list in proptest::collection::vec(".*", 0..5)
        ) {
            prop_assert_eq!(&law(&text), &text);
            prop_assert_eq!(&law(&option), &option);
            prop_assert_eq!(&law(&list), &list);
        }

        #[test]
        fn every_number_comes_through(a: u64, b: i128, c: f64) {
            prop_assert_eq!(law(&a), a);
            prop_assert_eq!(law(&b), b);
            prop_assert_eq!(law(&c).to_bits(), c.to_bits());
        }
    }

    #[derive(Debug, PartialEq, serde::Serialize, serde::Deserialize)]
    struct Page {
        limit: Option<u32>,
        tag: Vec<String>,
    }

    #[test]
    fn a_struct_is_its_fields() {
        let page = Page { limit: Some(3), tag: vec!["a b".into(), "c".into()] };
        assert_eq!(encoded("page", &page), "limit=3&tag=a%20b&tag=c");
        assert_eq!(law(&page), page);
    }

    #[test]
    fn a_map_is_all_keys_and_lists_keep_their_order() {
        let query = Query::parse("b=2&a=1&c=3&a=0&c=%33").unwrap();
        let all: std::collections::BTreeMap<String, Vec<u8>> = query.read("any").unwrap();
        assert_eq!(Vec::from_iter(all.values()), [&[1, 0][..], &[2], &[3, 3]]);
    }

    #[test]
    fn a_struct_may_be_absent() {
        #[derive(Debug, PartialEq, serde::Serialize, serde::Deserialize)]
        struct Area {
            from: u8,
            to: Option<u8>,
        }
        let read = |query| Query::parse(query).unwrap().read::<Option<Area>>("area");
        assert_eq!(law(&Some(Area { from: 1, to: None })), Some(Area { from: 1, to: None }));
        assert_eq!(law(&None::<Area>), None);
        assert_eq!(read("other=1").unwrap(), None);
        assert_eq!(read("from=1&to=2").unwrap(), Some(Area { from: 1, to: Some(2) }));
        assert_eq!(read("to=2").unwrap_err().within, "/from");
    }

    #[test]
    fn a_key_is_found_however_it_is_written() {
        let read =
            |query: &str, key| Query::parse(query).unwrap().read::<Vec<String>>(key).unwrap();
        assert_eq!(read("a%62c=1&abc=2&ab=3&abcd=4&%61bc&=5", "abc"), ["1", "2", ""]);
        assert_eq!(read("+a=1&%20a=2&a=3", " a"), ["1", "2"]);
        assert_eq!(read("=1&&a=2&=", ""), ["1", ""]);
        assert_eq!(read("a=b=c&a", "a=b"), Vec::<String>::new());
        assert_eq!(read("", ""), Vec::<String>::new());
    }

    #[test]
    fn mistakes_have_a_code_and_a_place() {
        let query = Query::parse("limit=1&limit=2&n=x&tag=1&tag=y").unwrap();
        assert_eq!(query.read::<u32>("limit").unwrap_err().code, "duplicate");
        assert_eq!(query.read::<u32>("absent").unwrap_err().code, "missing");
        assert_eq!(query.read::<u32>("n").unwrap_err().code, "invalid");
        assert_eq!(query.read::<Vec<u32>>("tag").unwrap_err().within, "/1");
        assert_eq!(Query::parse("a=1&b=%zz").unwrap_err().within, "/b");
        assert_eq!(Query::parse("%zz=a").unwrap_err().within, "");
        assert!(Query::parse(&"a&".repeat(1001)).is_err());
    }
}
