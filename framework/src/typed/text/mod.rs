//! One value as words: how numbers, strings, options and lists stand in a path, a query or a field.
//!
//! The types are serde's, so an enum of units is its variant's name and a newtype is what it wraps. Which
//! words there are is the business of a [`Words`]: `path`, `query` and `header` each have one.

mod read;
mod write;

use std::borrow::Cow;
use std::fmt;

use serde::de::{self, Visitor};
use serde::ser::{self, Serialize};

pub(super) use read::{Reader, shortened};
use write::Writer;

/// Where the words of one value are found.
pub trait Words<'w>: Copy {
    /// Whether there are none.
    fn is_absent(self) -> bool;
    /// The only one.
    ///
    /// # Errors
    /// If there is none, there are several, or it is no text.
    fn one(self) -> Result<Cow<'w, str>, TextError>;
    /// Each of them.
    ///
    /// # Errors
    /// If one is no text.
    fn each(self) -> Result<Vec<Cow<'w, str>>, TextError>;
    /// Whether any of these names (of all, where none are given) has words, so that a struct that may be absent is
    /// there.
    fn has_names(self, _fields: Option<&'static [&'static str]>) -> bool {
        false
    }
    /// Hands a struct or a map to the visitor, where the words have names.
    ///
    /// # Errors
    /// Where they have none.
    fn named<V: Visitor<'w>>(
        self,
        _fields: Option<&'static [&'static str]>,
        _visitor: V,
    ) -> Result<V::Value, TextError> {
        Err(TextError::invalid("a struct has no form as one text"))
    }
}

/// Reads a value from its words.
///
/// # Errors
/// If the words do not make a `T`.
pub fn read<'w, T: de::Deserialize<'w>>(words: impl Words<'w>) -> Result<T, TextError> {
    // Whether an absent option holds a struct, whose names may be there, only its type can say: it is asked first.
    if words.is_absent() && words.has_names(None) {
        match T::deserialize(Reader::new(words).of_names()) {
            Err(error) if error.code == NOT_NAMED => {}
            read => return read,
        }
    }
    T::deserialize(Reader::new(words))
}

/// The code of the error by which a type says that it is none of names. It never leaves this module.
const NOT_NAMED: &str = "not-named";

/// The words of a value.
///
/// # Errors
/// If the value has no form as text.
pub fn write<T: Serialize + ?Sized>(value: &T) -> Result<Written, TextError> {
    value.serialize(Writer)
}

/// What a value became.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Written {
    /// Nothing: an absent option.
    Absent,
    /// One word.
    One(String),
    /// A list.
    Many(Vec<String>),
    /// A struct or a map.
    Named(Vec<(String, Self)>),
}

/// Why words and value do not meet.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TextError {
    /// `missing`, `duplicate` or `invalid`.
    pub code: &'static str,
    /// The mistake in words.
    pub detail: Cow<'static, str>,
    /// Where within the value: `/1` for the second of a list.
    pub within: String,
    /// The words have names, and `within` begins with one.
    pub named: bool,
}

impl TextError {
    /// The words are not there.
    #[must_use]
    pub fn missing() -> Self {
        Self { code: "missing", detail: "it is required".into(), ..Self::default() }
    }

    pub(in crate::typed) fn duplicate() -> Self {
        Self {
            code: "duplicate",
            detail: "it stands there more than once".into(),
            ..Self::default()
        }
    }

    pub(in crate::typed) fn invalid(detail: impl Into<Cow<'static, str>>) -> Self {
        Self { code: "invalid", detail: detail.into(), ..Self::default() }
    }

    fn not_named() -> Self {
        Self { code: NOT_NAMED, ..Self::default() }
    }

    pub(in crate::typed) fn within(mut self, name: impl fmt::Display) -> Self {
        self.within = format!("/{name}{}", self.within);
        self
    }

    pub(in crate::typed) fn of_key(self, key: impl fmt::Display) -> Self {
        Self { named: true, ..self }.within(key)
    }
}

impl fmt::Display for TextError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.detail)
    }
}

impl std::error::Error for TextError {}

impl de::Error for TextError {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self::invalid(message.to_string())
    }

    fn missing_field(field: &'static str) -> Self {
        Self::missing().of_key(field)
    }

    fn duplicate_field(field: &'static str) -> Self {
        Self::duplicate().of_key(field)
    }
}

impl ser::Error for TextError {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self::invalid(message.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::read::Word;
    use super::*;

    fn law<T>(value: &T) -> T
    where
        T: Serialize + de::DeserializeOwned,
    {
        let Written::One(word) = write(value).unwrap() else { panic!("not one word") };
        read(Word(&word.into())).unwrap()
    }

    #[test]
    fn what_is_written_is_read() {
        assert_eq!(law(&u64::MAX), u64::MAX);
        assert_eq!(law(&-1.5e-300_f64), -1.5e-300);
        assert_eq!(law(&i128::MIN), i128::MIN);
        assert_eq!(law(&'ß'), 'ß');
        assert_eq!(law(&Some("x".to_owned())), Some("x".to_owned()));
    }

    #[test]
    fn an_enum_of_units_is_its_variants_name() {
        #[derive(Debug, PartialEq, serde::Serialize, serde::Deserialize)]
        #[serde(rename_all = "kebab-case")]
        enum Order {
            NewestFirst,
        }
        assert_eq!(write(&Order::NewestFirst).unwrap(), Written::One("newest-first".into()));
        assert_eq!(law(&Order::NewestFirst), Order::NewestFirst);
        let error = read::<Order>(Word(&"oldest".into())).unwrap_err();
        assert_eq!(error.detail, "unknown variant `oldest`, expected `newest-first`");
    }

    #[test]
    fn a_wrong_word_is_named_with_the_type() {
        let error = read::<u8>(Word(&"300".into())).unwrap_err();
        assert_eq!(error.detail, "`300` is no u8: number too large to fit in target type");
    }
}
