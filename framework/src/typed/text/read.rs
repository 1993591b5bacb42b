//! Reading a value from its words.

use std::borrow::Cow;
use std::fmt;

use serde::de::value::StrDeserializer;
use serde::de::{DeserializeSeed, Deserializer, IntoDeserializer, SeqAccess, Visitor};

use super::{TextError, Words};

/// Reads what the type asks for: that decides between one word, a list, or names.
pub(in crate::typed) struct Reader<W> {
    words: W,
    /// An option is read as a struct, or not at all.
    of_names: bool,
}

impl<W> Reader<W> {
    pub(in crate::typed) const fn new(words: W) -> Self {
        Self { words, of_names: false }
    }

    pub(super) fn of_names(self) -> Self {
        Self { of_names: true, ..self }
    }
}

macro_rules! parsed {
    ($($deserialize:ident $visit:ident $type:ident $what:literal)*) => {$(
        fn $deserialize<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, TextError> {
            let word = self.words.one()?;
            match word.parse::<$type>() {
                Ok(value) => visitor.$visit(value),
                Err(error) => Err(unparsed(&word, $what, &error)),
            }
        }
    )*};
}

#[cold]
fn unparsed(word: &str, what: &str, error: &dyn fmt::Display) -> TextError {
    TextError::invalid(format!("`{}` is no {what}: {error}", shortened(word)))
}

/// No more of the peer's own text than helps.
pub(in crate::typed) fn shortened(word: &str) -> Cow<'_, str> {
    match word.char_indices().nth(64) {
        Some((end, _)) => format!("{}…", &word[..end]).into(),
        None => word.into(),
    }
}

impl<'de, W: Words<'de>> Deserializer<'de> for Reader<W> {
    type Error = TextError;

    parsed! {
        deserialize_bool visit_bool bool "boolean"
        deserialize_i8 visit_i8 i8 "i8"
        deserialize_i16 visit_i16 i16 "i16"
        deserialize_i32 visit_i32 i32 "i32"
        deserialize_i64 visit_i64 i64 "i64"
        deserialize_i128 visit_i128 i128 "i128"
        deserialize_u8 visit_u8 u8 "u8"
        deserialize_u16 visit_u16 u16 "u16"
        deserialize_u32 visit_u32 u32 "u32"
        deserialize_u64 visit_u64 u64 "u64"
        deserialize_u128 visit_u128 u128 "u128"
        deserialize_f32 visit_f32 f32 "number"
        deserialize_f64 visit_f64 f64 "number"
        deserialize_char visit_char char "single character"
    }

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, TextError> {
        match self.words.one()? {
            Cow::Borrowed(word) => visitor.visit_borrowed_str(word),
            Cow::Owned(word) => visitor.visit_string(word),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, TextError> {
        match self {
            Self { of_names: true, words } => visitor.visit_some(Named(words)),
            Self { words, .. } if words.is_absent() => visitor.visit_none(),
            present => visitor.visit_some(present),
        }
    }

    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, TextError> {
        visitor.visit_unit()
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, TextError> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, TextError> {
        visitor.visit_seq(Each { words: self.words.each()?.into_iter(), index: 0 })
    }

    fn deserialize_tuple<V: Visitor<'de>>(
        self,
        _length: usize,
        visitor: V,
    ) -> Result<V::Value, TextError> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _length: usize,
        visitor: V,
    ) -> Result<V::Value, TextError> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, TextError> {
        self.words.named(None, visitor)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, TextError> {
        self.words.named(Some(fields), visitor)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, TextError> {
        let word = self.words.one()?;
        let variant: StrDeserializer<'_, TextError> = word.as_ref().into_deserializer();
        variant.deserialize_enum(name, variants, visitor)
    }

    serde::forward_to_deserialize_any! {
        str string bytes byte_buf unit_struct identifier ignored_any
    }
}

/// Reads a struct that may be absent: nothing else.
struct Named<W>(W);

impl<'de, W: Words<'de>> Deserializer<'de> for Named<W> {
    type Error = TextError;

    fn deserialize_any<V: Visitor<'de>>(self, _visitor: V) -> Result<V::Value, TextError> {
        Err(TextError::not_named())
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, TextError> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, TextError> {
        self.0.named(None, visitor)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, TextError> {
        if !self.0.has_names(Some(fields)) {
            return Err(TextError::not_named());
        }
        self.0.named(Some(fields), visitor)
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit
        unit_struct seq tuple tuple_struct enum identifier ignored_any
    }
}

/// One word that is there.
#[derive(Clone, Copy)]
pub(super) struct Word<'w, 'a>(pub(super) &'a Cow<'w, str>);

impl<'w> Words<'w> for Word<'w, '_> {
    fn is_absent(self) -> bool {
        false
    }

    fn one(self) -> Result<Cow<'w, str>, TextError> {
        Ok(self.0.clone())
    }

    fn each(self) -> Result<Vec<Cow<'w, str>>, TextError> {
        Ok(vec![self.0.clone()])
    }
}

struct Each<'w> {
    words: std::vec::IntoIter<Cow<'w, str>>,
    index: usize,
}

impl<'w> SeqAccess<'w> for Each<'w> {
    type Error = TextError;

    fn next_element_seed<T: DeserializeSeed<'w>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, TextError> {
        let Some(word) = self.words.next() else { return Ok(None) };
        let index = self.index;
        self.index += 1;
        seed.deserialize(Reader::new(Word(&word))).map(Some).map_err(|error| error.within(index))
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.words.len())
    }
}
