//! The folder that is served: opened once, and every file in it opened from there.
//!
//! Here: [`Tree`], which opens what a relative path names and lists folders, so that nothing outside can be reached
//! whatever is renamed meanwhile; [`Entry`], what was opened.
//! Not here: which file a request means (`find`).
//! Read in this order: this file, `unix`, `walk`, `portable`.

#[cfg(any(not(unix), test))]
mod portable;
#[cfg(unix)]
mod unix;
#[cfg(unix)]
mod walk;

use std::ffi::OsString;
use std::fs::{File, Metadata};
use std::io;
use std::time::{SystemTime, UNIX_EPOCH};

#[cfg(not(unix))]
pub(super) use portable::{Folder, Tree};
#[cfg(unix)]
pub(super) use unix::{Folder, Tree};

/// Which symbolic links are followed; the folder that is served may itself be reached by one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Symlinks {
    /// None: a path with one in it is not there.
    Deny,
    /// Those that lead to something in the folder, which is the default: what is outside stays outside.
    #[default]
    WithinRoot,
    /// All, wherever they lead.
    Follow,
}

/// Whether opening may wait for a disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Pace {
    /// No: what is not in memory is [`WouldBlock`](io::ErrorKind::WouldBlock).
    Now,
    /// Yes.
    Patient,
}

/// Something that was opened.
#[derive(Debug)]
pub(super) enum Entry<F = Folder> {
    File(File, Meta),
    /// With the moment of its last change.
    Folder(F, SystemTime),
}

/// What is known of a file.
#[derive(Debug, Clone, Copy)]
pub(super) struct Meta {
    /// In bytes.
    pub(super) size: u64,
    /// When its content was last changed; the beginning of 1970 where nobody knows.
    pub(super) modified: SystemTime,
}

/// One entry of a folder.
#[derive(Debug)]
pub(super) struct Listed {
    pub(super) name: OsString,
    /// Its size in bytes; a folder has none.
    pub(super) size: Option<u64>,
    pub(super) modified: SystemTime,
    /// Whether a symbolic link leads there.
    pub(super) link: bool,
}

impl Meta {
    fn of(metadata: &Metadata) -> Self {
        Self { size: metadata.len(), modified: metadata.modified().unwrap_or(UNIX_EPOCH) }
    }
}

impl Listed {
    /// Of what a link leads to.
    fn of<F>(name: OsString, entry: &Entry<F>) -> Self {
        let (size, modified) = match entry {
            Entry::File(_, meta) => (Some(meta.size), meta.modified),
            Entry::Folder(_, modified) => (None, *modified),
        };
        Self { name, size, modified, link: true }
    }
}

/// Neither a file nor a folder: a pipe, a device, a socket.
fn neither() -> io::Error {
    io::Error::new(io::ErrorKind::NotFound, "neither a file nor a folder")
}
