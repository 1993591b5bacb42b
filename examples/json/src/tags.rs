//! Tags: which there are, and those of a note.

use std::collections::BTreeSet;

use counterpart::prelude::*;

use crate::notes::{NoteError, Notebook, read};

/// List all tags.
#[get("/")]
pub fn all(notebook: &Notebook) -> BTreeSet<String> {
    notebook.notes().values().flat_map(|note| note.tags.clone()).collect()
}

/// List the tags of one note.
#[get("/of/{id}")]
pub fn of_note(id: u64, notebook: &Notebook) -> Result<Vec<String>, NoteError> {
    Ok(read(id, notebook)?.tags)
}
