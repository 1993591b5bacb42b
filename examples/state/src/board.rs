//! The board, and what is done with it.

use std::fs;
use std::io;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use counterpart::prelude::*;

use crate::session::{AuthError, Session};

// ANCHOR: board
/// What is written: shared by all requests, so locked.
#[derive(Debug, Default, State)]
pub struct Board(Mutex<Vec<String>>);

/// What the board's owner wishes.
#[derive(Debug, State)]
pub struct Motto(pub String);
// ANCHOR_END: board

// ANCHOR: error
/// What can go wrong with the board.
#[derive(Debug, PartialEq, Eq, ApiError)]
pub enum BoardError {
    #[error(409, "the board is full: it has {lines} lines")]
    Full { lines: usize },
    #[error(transparent)]
    Auth(AuthError),
}
// ANCHOR_END: error

/// What to write.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct NewLine {
    pub text: String,
}

impl Board {
    /// The board of a file, one line each; empty if there is none.
    ///
    /// # Errors
    /// When the file is there and cannot be read.
    pub fn open(file: &Path) -> io::Result<Self> {
        let text = if file.exists() { fs::read_to_string(file)? } else { String::new() };
        Ok(Self(Mutex::new(text.lines().map(str::to_owned).collect())))
    }

    /// Writes the file anew.
    pub fn save(&self, file: &Path) {
        if let Err(error) = fs::write(file, self.lines().join("\n")) {
            eprintln!("{}: {error}", file.display());
        }
    }

    fn lines(&self) -> MutexGuard<'_, Vec<String>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

// ANCHOR: read
/// Read the board.
#[get("/lines")]
pub fn read(board: &Board) -> Vec<String> {
    board.lines().clone()
}
// ANCHOR_END: read

// ANCHOR: write
/// Write a line, under one's name.
#[post("/lines")]
pub fn write(
    session: &Session,
    new: NewLine,
    board: &Board,
) -> Result<Created<String>, BoardError> {
    let mut lines = board.lines();
    if lines.len() >= 100 {
        return Err(BoardError::Full { lines: lines.len() });
    }
    let line = format!("{}: {}", session.name, new.text);
    lines.push(line.clone());
    Ok(Created(line))
}
// ANCHOR_END: write

// ANCHOR: greet
/// Greet whoever comes.
#[get("/greeting")]
pub fn greet(session: Option<&Session>, motto: Option<&Motto>) -> String {
    let name = session.map_or("stranger", |session| &session.name);
    let motto = motto.map_or("write what you like", |motto| &motto.0);
    format!("Hello, {name}: {motto}.")
}
// ANCHOR_END: greet

// ANCHOR: wipe
/// Wipe the board, in a while.
#[delete("/lines")]
pub fn wipe(session: &Session, #[server] board: Arc<Board>) -> Accepted<String> {
    std::thread::spawn(move || board.lines().clear());
    Accepted(format!("{} will be obeyed", session.name))
}
// ANCHOR_END: wipe
