//! Writing a value as words.

use serde::ser::{self, Impossible, Serialize, Serializer};

use super::{TextError, Written};

/// Writes whatever has a form as words.
pub(super) struct Writer;

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
