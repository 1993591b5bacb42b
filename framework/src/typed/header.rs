//! Values in header fields (RFC 9110 §5.5).
//!
//! What can stand in a field as it is, does. Anything else (line ends, spaces at an end, non-ASCII) is written as
//! RFC 8187's `UTF-8''` with percent-encoding, so that every string comes through. A list is
//! separated by commas, and is read from several fields too.

use std::borrow::Cow;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Serialize;
use serde::de::Deserialize;

use super::path;
use super::text::{self, TextError, Words, Written};
use crate::text::Fields;

/// Reads what stands under a name.
///
/// # Errors
/// If that is no `T`.
pub fn read<T: for<'d> Deserialize<'d>>(fields: &Fields, name: &str) -> Result<T, TextError> {
    text::read(Name { fields, name })
}

/// The field value that a value makes, if it makes one.
///
/// # Errors
/// If the value has no such form.
pub fn write<T: Serialize + ?Sized>(value: &T) -> Result<Option<String>, TextError> {
    match text::write(value)? {
        Written::Absent => Ok(None),
        Written::One(word) => Ok(Some(if plain(&word) { word } else { extended(&word) })),
        Written::Many(words) => {
            let element = |word: &String| plain(word) && !word.is_empty() && !word.contains(',');
            let words = words.into_iter();
            let list: Vec<String> =
                words.map(|word| if element(&word) { word } else { extended(&word) }).collect();
            Ok((!list.is_empty()).then(|| list.join(", ")))
        }
        Written::Named(_) => Err(TextError::invalid("a struct has no form as a field")),
    }
}

/// Whether a word can stand in a field, and is read as itself.
fn plain(word: &str) -> bool {
    let bytes = word.as_bytes();
    bytes.iter().all(|byte| matches!(byte, b' '..=b'~'))
        && bytes.first() != Some(&b' ')
        && bytes.last() != Some(&b' ')
        && without_charset(word).is_none()
}

fn extended(word: &str) -> String {
    format!("{CHARSET}{}", utf8_percent_encode(word, ATTRIBUTE))
}

fn without_charset(word: &str) -> Option<&str> {
    let (charset, rest) = word.split_at_checked(CHARSET.len())?;
    charset.eq_ignore_ascii_case(CHARSET).then_some(rest)
}

/// RFC 8187 §3.2: charset, no language.
const CHARSET: &str = "UTF-8''";
const ATTRIBUTE: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

#[derive(Clone, Copy)]
struct Name<'f, 'n> {
    fields: &'f Fields,
    name: &'n str,
}

impl<'f> Name<'f, '_> {
    fn values(self) -> impl Iterator<Item = &'f [u8]> {
        let Self { fields, name } = self;
        let same = move |field: &[u8]| field.eq_ignore_ascii_case(name.as_bytes());
        fields.iter().filter(move |(field, _)| same(field)).map(|(_, value)| value)
    }
}

impl<'f> Words<'f> for Name<'f, '_> {
    fn is_absent(self) -> bool {
        self.values().next().is_none()
    }

    fn one(self) -> Result<Cow<'f, str>, TextError> {
        let mut values = self.values();
        let value = values.next().ok_or_else(TextError::missing)?;
        if values.next().is_some() {
            return Err(TextError::duplicate());
        }
        decode(words(value)?)
    }

    fn each(self) -> Result<Vec<Cow<'f, str>>, TextError> {
        let mut all = Vec::new();
        for value in self.values() {
            for element in words(value)?.split(',').map(str::trim).filter(|word| !word.is_empty()) {
                all.push(decode(element)?);
            }
        }
        Ok(all)
    }
}

fn words(value: &[u8]) -> Result<&str, TextError> {
    std::str::from_utf8(value).map_err(|_| TextError::invalid("it is not UTF-8"))
}

fn decode(word: &str) -> Result<Cow<'_, str>, TextError> {
    without_charset(word).map_or(Ok(Cow::Borrowed(word)), path::decode)
}

#[cfg(test)]
mod tests {
    use http::{HeaderName, HeaderValue};
    use proptest::prelude::*;

    use super::*;

    fn law<T: Serialize + for<'d> Deserialize<'d>>(value: &T) -> T {
        let mut fields = Fields::new();
        if let Some(value) = write(value).unwrap() {
            fields.append(HeaderName::from_static("x-a"), HeaderValue::from_str(&value).unwrap());
        }
        read(&fields, "x-a").unwrap()
    }

    proptest! {
        #[test]
        fn every_text_option_and_list_comes_through(
            text in any::<String>(), option in proptest::option::of(any::<String>()),
            list in proptest::collection::vec(any::<String>(), 0..5), number: i64
        ) {
            prop_assert_eq!(&law(&text), &text);
            prop_assert_eq!(&law(&option), &option);
            prop_assert_eq!(&law(&list), &list);
            prop_assert_eq!(law(&number), number);
        }
    }

    #[test]
    fn odd_texts_come_through() {
        for text in ["", " a ", "a, b", "\r\nx: y", "\0", "ä", "utf-8''%41", "UTF-8''"] {
            assert_eq!(law(&text.to_owned()), text);
            assert_eq!(law(&vec![text.to_owned()]), [text]);
        }
    }

    #[test]
    fn a_list_is_read_from_commas_too() {
        let mut fields = Fields::new();
        fields.append(HeaderName::from_static("x-a"), HeaderValue::from_static("1, 2,,3 "));
        assert_eq!(read::<Vec<u8>>(&fields, "X-A").unwrap(), [1, 2, 3]);
    }
}
