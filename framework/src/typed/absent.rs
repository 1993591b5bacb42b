//! Content that is not there, read as a type that allows for that.

use serde::de::value::Error;
use serde::de::{DeserializeOwned, Deserializer, Error as _, Visitor};
use serde::forward_to_deserialize_any;

/// The value of a type that can be absent, such as an `Option`; nothing for any other. A `Value` could stand for `null`,
/// but nobody has sent that.
#[must_use]
pub fn read<T: DeserializeOwned>() -> Option<T> {
    T::deserialize(Absent).ok()
}

struct Absent;

impl<'de> Deserializer<'de> for Absent {
    type Error = Error;

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_none()
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_any<V: Visitor<'de>>(self, _visitor: V) -> Result<V::Value, Error> {
        Err(Error::custom("there is no content"))
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct
        seq tuple tuple_struct map struct enum identifier ignored_any
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;
    use serde_json::Value;

    use super::*;

    #[derive(Debug, PartialEq, Deserialize)]
    struct Wrapped(Option<u8>);

    #[test]
    fn only_what_can_be_absent_is() {
        assert_eq!(read::<Option<u8>>(), Some(None));
        assert_eq!(read::<Wrapped>(), Some(Wrapped(None)));
        assert_eq!(read::<Value>(), None);
        assert_eq!(read::<Vec<u8>>(), None);
        assert_eq!(read::<()>(), None);
    }
}
