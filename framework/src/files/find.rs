//! Which file a request means: the one it names, its coded twin, the index of a folder, the page of a program.

use std::ffi::OsString;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use super::Settings;
use super::coding::Coding;
use super::target::Target;
use super::tree::{Entry, Folder, Meta, Pace, Tree};

/// What a request wants, as far as it decides which file it gets.
#[derive(Debug, Clone)]
pub(super) struct Wanted {
    pub(super) target: Target,
    /// The codings that it takes, the dearest first.
    pub(super) codings: Vec<Coding>,
    /// Whether it takes HTML.
    pub(super) html: bool,
}

/// What it gets.
#[derive(Debug)]
pub(super) enum Found {
    File(Opened),
    /// A folder without an index.
    Folder(Folder),
    /// A folder, named as if it were a file.
    SlashMissing,
    Nothing,
}

/// A file, ready to be sent.
#[derive(Debug)]
pub(super) struct Opened {
    pub(super) file: File,
    pub(super) meta: Meta,
    pub(super) coding: Option<Coding>,
    /// Its path below the root, which tells its type; without what the coding adds.
    pub(super) path: PathBuf,
}

/// Finds it. At [`Pace::Now`] it is [`WouldBlock`](io::ErrorKind::WouldBlock) if a disk must be asked.
pub(super) fn find(
    tree: &Tree,
    settings: &Settings,
    wanted: &Wanted,
    pace: Pace,
) -> io::Result<Found> {
    let finder = Finder { tree, settings, wanted, pace };
    let Target { path, slash } = &wanted.target;
    let found = if *slash { finder.folder(path)? } else { finder.file(path)? };
    match (found, &settings.spa) {
        (Found::Nothing, Some(page)) if wanted.html && !wanted.target.has_extension() => {
            finder.page(page)
        }
        (found, _) => Ok(found),
    }
}

struct Finder<'a> {
    tree: &'a Tree,
    settings: &'a Settings,
    wanted: &'a Wanted,
    pace: Pace,
}

impl Finder<'_> {
    fn file(&self, path: &Path) -> io::Result<Found> {
        Ok(match self.entry(path)? {
            Some(Entry::File(file, meta)) => Found::File(self.coded(path, file, meta)?),
            Some(Entry::Folder(..)) => Found::SlashMissing,
            None => Found::Nothing,
        })
    }

    /// The index of a folder, or the folder.
    fn folder(&self, path: &Path) -> io::Result<Found> {
        for index in &self.settings.index {
            let path = path.join(index);
            if let Some(Entry::File(file, meta)) = self.entry(&path)? {
                return Ok(Found::File(self.coded(&path, file, meta)?));
            }
        }
        Ok(match self.entry(path)? {
            Some(Entry::Folder(folder, _)) => Found::Folder(folder),
            _ => Found::Nothing,
        })
    }

    /// The page of a program that draws every other path by itself.
    fn page(&self, path: &Path) -> io::Result<Found> {
        Ok(match self.file(path)? {
            Found::File(page) => Found::File(page),
            _ => Found::Nothing,
        })
    }

    /// The twin of a file that is coded as the client likes best, or the file.
    fn coded(&self, path: &Path, file: File, meta: Meta) -> io::Result<Opened> {
        for coding in &self.wanted.codings {
            let mut twin = OsString::from(path);
            twin.push(coding.extension());
            if let Some(Entry::File(file, meta)) = self.entry(Path::new(&twin))? {
                return Ok(Opened { file, meta, coding: Some(*coding), path: path.into() });
            }
        }
        Ok(Opened { file, meta, coding: None, path: path.into() })
    }

    /// What a path names, if anything that may be told: what is not there, not allowed and not readable is one.
    fn entry(&self, path: &Path) -> io::Result<Option<Entry>> {
        match self.tree.entry(path, self.settings.symlinks, self.pace) {
            Ok(entry) => Ok(Some(entry)),
            Err(error) if is_ours(&error) => Err(error),
            Err(_) => Ok(None),
        }
    }
}

/// Whether an error is the server's own trouble, and not a way to say that there is nothing.
fn is_ours(error: &io::Error) -> bool {
    use io::ErrorKind::{
        Interrupted, Other, OutOfMemory, StaleNetworkFileHandle, StorageFull, TimedOut, WouldBlock,
    };
    let kind = matches!(
        error.kind(),
        Interrupted
            | Other
            | OutOfMemory
            | StaleNetworkFileHandle
            | StorageFull
            | TimedOut
            | WouldBlock
    );
    kind || no_descriptors(error) || is_of_device(error)
}

/// Whether the process, or the system, has as many files open as it may.
pub(super) fn no_descriptors(error: &io::Error) -> bool {
    #[cfg(unix)]
    {
        use rustix::io::Errno;
        let code = error.raw_os_error();
        [Errno::MFILE, Errno::NFILE].iter().any(|errno| Some(errno.raw_os_error()) == code)
    }
    #[cfg(not(unix))]
    {
        let _ = error;
        false
    }
}

fn is_of_device(error: &io::Error) -> bool {
    #[cfg(unix)]
    {
        error.raw_os_error() == Some(rustix::io::Errno::IO.raw_os_error())
    }
    #[cfg(not(unix))]
    {
        let _ = error;
        false
    }
}
