//! Notes: create, read, replace, remove, list.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use counterpart::prelude::*;

// ANCHOR: types
/// A note, as it is answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Note {
    pub id: u64,
    pub text: String,
    pub tags: Vec<String>,
    pub pinned: bool,
}

/// A note, as it is sent.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewNote {
    pub text: String,
    #[serde(default)]
    pub tags: Vec<String>,
    pub pinned: Option<bool>,
}
// ANCHOR_END: types

// ANCHOR: error
/// What can go wrong with a note.
#[derive(Debug, PartialEq, Eq, ApiError)]
pub enum NoteError {
    #[error(404, "there is no note {id}")]
    NotFound { id: u64 },
}
// ANCHOR_END: error

// ANCHOR: state
/// All notes: shared by the requests, lent to the handlers.
#[derive(Debug, Default, State)]
pub struct Notebook(Mutex<BTreeMap<u64, Note>>);
// ANCHOR_END: state

impl Notebook {
    pub fn notes(&self) -> MutexGuard<'_, BTreeMap<u64, Note>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl NewNote {
    fn under(self, id: u64) -> Note {
        let Self { text, tags, pinned } = self;
        Note { id, text, tags, pinned: pinned.unwrap_or(false) }
    }
}

// ANCHOR: create
/// Write a note down.
#[post("/", location = read)]
pub fn create(new: NewNote, notebook: &Notebook) -> Created<Note> {
    let mut notes = notebook.notes();
    let id = notes.last_key_value().map_or(1, |(last, _)| last + 1);
    let note = new.under(id);
    notes.insert(id, note.clone());
    Created(note)
}
// ANCHOR_END: create

// ANCHOR: read
/// Read a note.
#[get("/{id}")]
pub fn read(id: u64, notebook: &Notebook) -> Result<Note, NoteError> {
    notebook.notes().get(&id).cloned().ok_or(NoteError::NotFound { id })
}
// ANCHOR_END: read

// ANCHOR: replace
/// Replace a note: the number is in the path, the rest is the body.
#[put("/{id}")]
pub fn replace(id: u64, new: NewNote, notebook: &Notebook) -> Result<Note, NoteError> {
    let mut notes = notebook.notes();
    let note = notes.get_mut(&id).ok_or(NoteError::NotFound { id })?;
    *note = new.under(id);
    Ok(note.clone())
}
// ANCHOR_END: replace

/// Remove a note.
#[delete("/{id}")]
pub fn remove(id: u64, notebook: &Notebook) -> Result<(), NoteError> {
    notebook.notes().remove(&id).map(drop).ok_or(NoteError::NotFound { id })
}

/// List notes, all or those with a tag.
#[get("/")]
pub fn list(tag: Option<String>, notebook: &Notebook) -> Vec<Note> {
    let tagged = |note: &&Note| tag.as_ref().is_none_or(|tag| note.tags.contains(tag));
    notebook.notes().values().filter(tagged).cloned().collect()
}
