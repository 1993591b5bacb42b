//! A member of a patch: absent, null, or a value (RFC 7396).

use serde::de::{Deserialize, Deserializer};
use serde::ser::{Serialize, Serializer};

/// A member of a JSON merge patch: leave it, clear it, or set it.
///
/// In a struct it needs one attribute, as serde asks of a member that may be absent:
///
/// ```
/// use counterpart::prelude::*;
///
/// #[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
/// struct Change {
///     #[serde(default, skip_serializing_if = "Patch::is_absent")]
///     email: Patch<String>,
/// }
///
/// let read = |json: &str| serde_json::from_str::<Change>(json).unwrap().email;
/// assert_eq!(read("{}"), Patch::Absent);
/// assert_eq!(read(r#"{"email":null}"#), Patch::Null);
/// assert_eq!(read(r#"{"email":"a@b"}"#), Patch::Value("a@b".to_owned()));
/// assert_eq!(serde_json::to_string(&Change::default()).unwrap(), "{}");
///
/// let mut email = Some("old".to_owned());
/// Patch::Null.apply(&mut email);
/// assert_eq!(email, None);
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Patch<T> {
    /// The member is not there: leave it as it is.
    #[default]
    Absent,
    /// The member is `null`: clear it.
    Null,
    /// The member has a value: set it.
    Value(T),
}

impl<T> Patch<T> {
    /// Whether the member is not there.
    pub const fn is_absent(&self) -> bool {
        matches!(self, Self::Absent)
    }

    /// The value, if it has one.
    pub fn value(&self) -> Option<&T> {
        match self {
            Self::Value(value) => Some(value),
            Self::Absent | Self::Null => None,
        }
    }

    /// Changes what it is a patch of.
    pub fn apply(self, to: &mut Option<T>) {
        match self {
            Self::Absent => {}
            Self::Null => *to = None,
            Self::Value(value) => *to = Some(value),
        }
    }
}

impl<T> From<T> for Patch<T> {
    fn from(value: T) -> Self {
        Self::Value(value)
    }
}

impl<T: Serialize> Serialize for Patch<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Value(value) => serializer.serialize_some(value),
            Self::Absent | Self::Null => serializer.serialize_none(),
        }
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Patch<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Option::deserialize(deserializer)?.map_or(Self::Null, Self::Value))
    }
}
