//! JSON content (RFC 8259), with the place of a mistake as a JSON Pointer (RFC 6901).

use std::cell::Cell;
use std::fmt::Write as _;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::error::Category;
use serde_path_to_error::{Path, Segment};

use super::outermost::Outermost;
use super::unique::Unique;
use crate::body::written;
use crate::problem::{Invalid, Place};

/// Reads a value; the depth of nesting is bounded by 128. A value that is a map, or of any shape, is looked through for
/// keys that stand twice in one object, which a struct refuses of itself.
///
/// # Errors
/// The first mistake: code `syntax` when it is no JSON, else what is wrong with its shape, and where.
pub fn read<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Invalid> {
    // At once, which costs less than to look at each string (RFC 8259 §8.1).
    let text = std::str::from_utf8(bytes).map_err(|error| syntax(format!("no UTF-8: {error}")))?;
    let mut reader = serde_json::Deserializer::from_str(text);
    let any_keys = Cell::new(false);
    let outermost = Outermost { reader: &mut reader, any_keys: &any_keys };
    let value = T::deserialize(outermost).and_then(|value| reader.end().map(|()| value));
    let value = value.map_err(|_| locate::<T>(text))?;
    match any_keys.get() && serde_json::from_str::<Unique>(text).is_err() {
        true => Err(locate::<Unique>(text)),
        false => Ok(value),
    }
}

/// A value as JSON.
///
/// # Errors
/// If the type has no form as JSON, such as a map whose keys are no text.
pub fn write<T: Serialize + ?Sized>(value: &T) -> Result<Vec<u8>, serde_json::Error> {
    let mut out = written::buffer();
    serde_json::to_writer(&mut out, value).map(|()| out)
}

/// Whether a media type is JSON: `application/json`, or any with the suffix `+json` (RFC 6839 §3.1).
#[must_use]
pub fn is_json(content_type: &[u8]) -> bool {
    // As nearly everybody writes it.
    if content_type == MEDIA_TYPE.as_bytes() {
        return true;
    }
    let essence = content_type.split(|byte| *byte == b';').next().unwrap_or_default().trim_ascii();
    let plain = essence.eq_ignore_ascii_case(b"application/json");
    plain || essence.len() > 5 && essence[essence.len() - 5..].eq_ignore_ascii_case(b"+json")
}

/// The media type that is sent.
pub const MEDIA_TYPE: &str = "application/json";

/// Reads a second time, only after a mistake, to learn where it is.
#[cold]
fn locate<T: DeserializeOwned>(text: &str) -> Invalid {
    let mut reader = serde_json::Deserializer::from_str(text);
    let outermost = Outermost { reader: &mut reader, any_keys: &Cell::new(false) };
    match serde_path_to_error::deserialize::<_, T>(outermost) {
        Ok(_) => {
            let detail = reader.end().map_or_else(|error| error.to_string(), |()| String::new());
            syntax(detail)
        }
        Err(error) => {
            let pointer = pointer(error.path());
            let error = error.into_inner();
            match error.classify() {
                Category::Data => of_shape(pointer, &error.to_string()),
                _ => syntax(error.to_string()),
            }
        }
    }
}

/// It is no JSON.
fn syntax(detail: String) -> Invalid {
    Invalid::new(Place::Body, String::new(), "syntax", detail)
}

/// Serde says which member is missing, unknown or twice there only in words, and without its place in the path.
fn of_shape(mut pointer: String, message: &str) -> Invalid {
    let detail = message.rsplit_once(" at line ").map_or(message, |(detail, _)| detail);
    let words = ["missing", "unknown", "duplicate"];
    let found = words.into_iter().find_map(|word| {
        let rest = detail.strip_prefix(word)?.strip_prefix(" field `")?;
        Some((word, rest.split_once('`')?.0))
    });
    let Some((code, member)) = found else {
        return Invalid::new(Place::Body, pointer, "invalid", detail.into());
    };
    let last = format!("/{}", escaped(member));
    if !pointer.ends_with(&last) {
        pointer.push_str(&last);
    }
    Invalid::new(Place::Body, pointer, code, detail.into())
}

fn pointer(path: &Path) -> String {
    path.iter().fold(String::new(), |mut pointer, segment| {
        match segment {
            Segment::Seq { index } => {
                let _ = write!(pointer, "/{index}");
            }
            Segment::Map { key } => {
                let _ = write!(pointer, "/{}", escaped(key));
            }
            // The name of an enum's variant stands in the JSON as a key; of what is unknown there is no place.
            Segment::Enum { variant } => {
                let _ = write!(pointer, "/{}", escaped(variant));
            }
            Segment::Unknown => {}
        }
        pointer
    })
}

fn escaped(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct New {
        name: String,
        #[serde(default)]
        tags: Vec<u8>,
        #[serde(default)]
        more: BTreeMap<String, u8>,
    }

    fn mistake(json: &str) -> (String, String) {
        let invalid = read::<New>(json.as_bytes()).unwrap_err();
        (invalid.pointer, invalid.code)
    }

    #[test]
    fn a_struct_is_no_list() {
        assert_eq!(mistake(r#"["a"]"#), (String::new(), "invalid".to_owned()));
        assert_eq!(read::<(String, u8)>(br#"["a",1]"#).unwrap(), ("a".to_owned(), 1));
    }

    #[test]
    fn each_mistake_has_its_place() {
        let at = |pointer: &str, code: &str| (pointer.to_owned(), code.to_owned());
        assert_eq!(mistake(r#"{"name":7}"#), at("/name", "invalid"));
        assert_eq!(mistake(r#"{"name":"a","tags":[1,"x"]}"#), at("/tags/1", "invalid"));
        assert_eq!(mistake(r#"{"name":"a","more":{"a/b~":"x"}}"#), at("/more/a~1b~0", "invalid"));
        assert_eq!(mistake("{}"), at("/name", "missing"));
        assert_eq!(mistake(r#"{"name":"a","x":1}"#), at("/x", "unknown"));
        assert_eq!(mistake(r#"{"name":"a","name":"b"}"#), at("/name", "duplicate"));
        assert_eq!(mistake("[]").1, "invalid");
        for broken in ["", "{", "{\"name\":\"a\"} x", "{\"name\":\"\u{1}\"}", "nul"] {
            assert_eq!(mistake(broken), at("", "syntax"), "{broken}");
        }
        assert_eq!(read::<New>(b"{\"name\":\"a\",\"x\":\"\xff\"}").unwrap_err().code, "syntax");
        let deep = "[".repeat(100_000);
        assert_eq!(read::<serde_json::Value>(deep.as_bytes()).unwrap_err().code, "syntax");
    }

    /// T67: of a key that stands twice, nobody chooses one.
    #[test]
    fn a_key_stands_once() {
        fn twice<T: DeserializeOwned>(json: &str) -> String {
            let invalid = read::<T>(json.as_bytes()).map(|_| ()).unwrap_err();
            assert_eq!(invalid.code, "duplicate", "{json}");
            invalid.pointer
        }
        assert_eq!(twice::<serde_json::Value>(r#"{"a":1,"a":1}"#), "/a");
        assert_eq!(
            twice::<serde_json::Value>(r#"{"a":[{},{"b/c":1,"b\u002fc":null}]}"#),
            "/a/1/b~1c"
        );
        assert_eq!(twice::<BTreeMap<String, f64>>(r#"{"a":1,"b":2.5,"a":1}"#), "/a");
        let every = r#"{"a":[1,-1,1.5,"x",true,null,{"a":{}}],"b":{"a":1}}"#;
        assert!(read::<serde_json::Value>(every.as_bytes()).is_ok());
    }

    #[test]
    fn media_types_of_json() {
        assert!(is_json(b"application/json"));
        assert!(is_json(b"Application/JSON; charset=utf-8"));
        assert!(is_json(b"application/merge-patch+json"));
        assert!(!is_json(b"text/plain"));
        assert!(!is_json(b"+jso"));
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(name in ".*", tags: Vec<u8>) {
            let new = New { name, tags, more: BTreeMap::new() };
            prop_assert_eq!(read::<New>(&write(&new).unwrap()).unwrap(), new);
        }
    }
}
