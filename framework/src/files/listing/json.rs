//! A listing as JSON.

use serde_json::{Map, Value};

use super::{Listing, rfc3339};
use crate::files::tree::Listed;

impl Listing {
    /// `[{"name": "a.txt", "kind": "file", "size": 5, "modified": "1994-11-06T08:49:37Z"}]`; a folder has no size, and
    /// what is reached by a symbolic link has `"link": true`.
    pub(super) fn json(&self) -> Vec<u8> {
        let entries = self.entries.iter().map(entry).collect();
        // Values are always JSON.
        serde_json::to_vec(&Value::Array(entries)).unwrap_or_default()
    }
}

fn entry(entry: &Listed) -> Value {
    let kind = if entry.size.is_some() { "file" } else { "directory" };
    let mut members = Map::new();
    members.insert("name".into(), entry.name.to_string_lossy().into());
    members.insert("kind".into(), kind.into());
    if let Some(size) = entry.size {
        members.insert("size".into(), size.into());
    }
    members.insert("modified".into(), rfc3339(entry.modified).into());
    if entry.link {
        members.insert("link".into(), true.into());
    }
    Value::Object(members)
}
