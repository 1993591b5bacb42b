//! One value as words: how numbers, strings, options and lists stand in a path, a query or a field.
//!
//! The types are serde's, so an enum of units is its variant's name and a newtype is what it wraps. Which
//! words there are is the business of a [`Words`]: `path`, `query` and `header` each have one.

use std::borrow::Cow;
use std::fmt;

use serde::de::value::StrDeserializer;
use serde::de::{self, DeserializeSeed, Deserializer, IntoDeserializer, SeqAccess, Visitor};
use serde::ser::{self, Impossible, Serialize, Serializer};

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
    T::deserialize(Reader(words))
}

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
    pub detail: String,
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

    pub(super) fn duplicate() -> Self {
        let detail = "it stands there more than once".into();
        Self { code: "duplicate", detail, ..Self::default() }
    }

    pub(super) fn invalid(detail: impl Into<String>) -> Self {
        Self { code: "invalid", detail: detail.into(), ..Self::default() }
    }

    pub(super) fn within(mut self, name: impl fmt::Display) -> Self {
        self.within = format!("/{name}{}", self.within);
        self
    }

    pub(super) fn of_key(self, key: impl fmt::Display) -> Self {
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

/// Reads what the type asks for: that decides between one word, a list, or names.
pub(super) struct Reader<W>(pub(super) W);

macro_rules! parsed {
    ($($deserialize:ident $visit:ident $type:ident $what:literal)*) => {$(
        fn $deserialize<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, TextError> {
            let word = self.0.one()?;
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
pub(super) fn shortened(word: &str) -> Cow<'_, str> {
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
        match self.0.one()? {
            Cow::Borrowed(word) => visitor.visit_borrowed_str(word),
            Cow::Owned(word) => visitor.visit_string(word),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, TextError> {
        if self.0.is_absent() { visitor.visit_none() } else { visitor.visit_some(self) }
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
        visitor.visit_seq(Each { words: self.0.each()?.into_iter(), index: 0 })
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
        self.0.named(None, visitor)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, TextError> {
        self.0.named(Some(fields), visitor)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, TextError> {
        let word = self.0.one()?;
        let variant: StrDeserializer<'_, TextError> = word.as_ref().into_deserializer();
        variant.deserialize_enum(name, variants, visitor)
    }

    serde::forward_to_deserialize_any! {
        str string bytes byte_buf unit_struct identifier ignored_any
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
        seed.deserialize(Reader(Word(&word))).map(Some).map_err(|error| error.within(index))
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.words.len())
    }
}

/// Writes whatever has a form as words.
struct Writer;

macro_rules! displayed {
    ($($serialize:ident $type:ty),*) => {$(
        fn $serialize(self, value: $type) -> Result<Written, TextError> {
            Ok(Written::One(value.to_string()))
        }
    )*};
}

fn formless<T>(what: &str) -> Result<T, TextError> {
    Err(TextError::invalid(format!("{what} has no form as text")))
}

impl Serializer for Writer {
    type Ok = Written;
    type Error = TextError;
    type SerializeSeq = List;
    type SerializeTuple = List;
    type SerializeTupleStruct = List;
    type SerializeTupleVariant = Impossible<Written, TextError>;
    type SerializeMap = Names;
    type SerializeStruct = Names;
    type SerializeStructVariant = Impossible<Written, TextError>;

    displayed! {
        serialize_bool bool, serialize_char char, serialize_str &str,
        serialize_i8 i8, serialize_i16 i16, serialize_i32 i32, serialize_i64 i64, serialize_i128 i128,
        serialize_u8 u8, serialize_u16 u16, serialize_u32 u32, serialize_u64 u64, serialize_u128 u128,
        serialize_f32 f32, serialize_f64 f64
    }

    fn serialize_bytes(self, _value: &[u8]) -> Result<Written, TextError> {
        formless("a byte string")
    }

    fn serialize_none(self) -> Result<Written, TextError> {
        Ok(Written::Absent)
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<Written, TextError> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<Written, TextError> {
        Ok(Written::Absent)
    }

    fn serialize_unit_struct(self, name: &'static str) -> Result<Written, TextError> {
        Ok(Written::One(name.into()))
    }

    fn serialize_unit_variant(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
    ) -> Result<Written, TextError> {
        Ok(Written::One(variant.into()))
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _name: &'static str,
        value: &T,
    ) -> Result<Written, TextError> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
        _value: &T,
    ) -> Result<Written, TextError> {
        formless(&format!("the variant `{variant}`, which holds a value,"))
    }

    fn serialize_seq(self, length: Option<usize>) -> Result<List, TextError> {
        Ok(List(Vec::with_capacity(length.unwrap_or(0).min(1024))))
    }

    fn serialize_tuple(self, length: usize) -> Result<List, TextError> {
        self.serialize_seq(Some(length))
    }

    fn serialize_tuple_struct(self, _name: &'static str, length: usize) -> Result<List, TextError> {
        self.serialize_seq(Some(length))
    }

    fn serialize_tuple_variant(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
        _length: usize,
    ) -> Result<Self::SerializeTupleVariant, TextError> {
        formless(&format!("the variant `{variant}`, which holds values,"))
    }

    fn serialize_map(self, _length: Option<usize>) -> Result<Names, TextError> {
        Ok(Names { pairs: Vec::new(), key: None })
    }

    fn serialize_struct(self, _name: &'static str, _length: usize) -> Result<Names, TextError> {
        self.serialize_map(None)
    }

    fn serialize_struct_variant(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
        _length: usize,
    ) -> Result<Self::SerializeStructVariant, TextError> {
        formless(&format!("the variant `{variant}`, which holds fields,"))
    }
}

/// A list being written: each element is one word.
pub(super) struct List(Vec<String>);

impl List {
    fn push<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), TextError> {
        match value.serialize(Writer)? {
            Written::One(word) => self.0.push(word),
            _ => return formless("a list of anything but single values"),
        }
        Ok(())
    }
}

macro_rules! list {
    ($($trait:ident $method:ident),*) => {$(
        impl ser::$trait for List {
            type Ok = Written;
            type Error = TextError;

            fn $method<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), TextError> {
                self.push(value)
            }

            fn end(self) -> Result<Written, TextError> {
                Ok(Written::Many(self.0))
            }
        }
    )*};
}

list!(SerializeSeq serialize_element, SerializeTuple serialize_element, SerializeTupleStruct serialize_field);

/// A struct or a map being written.
pub(super) struct Names {
    pairs: Vec<(String, Written)>,
    key: Option<String>,
}

impl ser::SerializeMap for Names {
    type Ok = Written;
    type Error = TextError;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), TextError> {
        let Written::One(key) = key.serialize(Writer)? else { return formless("such a key") };
        self.key = Some(key);
        Ok(())
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), TextError> {
        let key = self.key.take().unwrap_or_default();
        self.pairs.push((key, value.serialize(Writer)?));
        Ok(())
    }

    fn end(self) -> Result<Written, TextError> {
        Ok(Written::Named(self.pairs))
    }
}

impl ser::SerializeStruct for Names {
    type Ok = Written;
    type Error = TextError;

    fn serialize_field<T: Serialize + ?Sized>(
        &mut self,
        key: &'static str,
        value: &T,
    ) -> Result<(), TextError> {
        self.pairs.push((key.into(), value.serialize(Writer)?));
        Ok(())
    }

    fn end(self) -> Result<Written, TextError> {
        Ok(Written::Named(self.pairs))
    }
}

#[cfg(test)]
mod tests {
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
