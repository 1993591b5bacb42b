//! The tree on Unix: a descriptor of the root, and every other opened from it.

use std::ffi::OsStr;
use std::fs::File;
use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use rustix::fs::{AtFlags, Dir, FileType, Mode, OFlags, Stat};
use rustix::io::Errno;

use super::{Entry, Listed, Meta, Pace, Symlinks, neither, walk};

/// The root, held open.
#[derive(Debug)]
pub(in crate::files) struct Tree {
    pub(super) root: OwnedFd,
    /// The names of the root, as absolute links within it begin: as it was given, and without links.
    pub(super) names: [PathBuf; 2],
    #[cfg(target_os = "linux")]
    beneath: Beneath,
}

/// A folder that was opened.
pub(in crate::files) type Folder = OwnedFd;

/// What of `openat2` there is.
#[cfg(target_os = "linux")]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Beneath {
    /// All, so that what is in memory is opened without waiting (Linux 5.12).
    AtOnce,
    /// The call, but it may wait (Linux 5.6).
    Patiently,
    /// Nothing: an old kernel, or a sandbox that forbids it.
    Missing,
}

impl Tree {
    pub(in crate::files) fn open(path: &Path) -> io::Result<Self> {
        let root = rustix::fs::open(path, SEARCH, Mode::empty())?;
        let names = [std::path::absolute(path)?, path.canonicalize()?];
        #[cfg(target_os = "linux")]
        let beneath = Beneath::of(&root);
        Ok(Self {
            root,
            names,
            #[cfg(target_os = "linux")]
            beneath,
        })
    }

    /// Opens what a relative path names, and looks at what was opened, never at the name again.
    pub(in crate::files) fn entry(
        &self,
        path: &Path,
        links: Symlinks,
        pace: Pace,
    ) -> io::Result<Entry> {
        let file = match self.descend(path, links, pace, READ) {
            // A folder that may be passed but not read: it can still be named.
            Err(Errno::ACCESS) => self.descend(path, links, pace, SEARCH),
            opened => opened,
        }?;
        let file = File::from(file);
        let metadata = file.metadata()?;
        match metadata.file_type() {
            kind if kind.is_file() => Ok(Entry::File(file, Meta::of(&metadata))),
            kind if kind.is_dir() => Ok(Entry::Folder(file.into(), Meta::of(&metadata).modified)),
            _ => Err(neither()),
        }
    }

    /// What is in a folder that was opened: files, folders, and links to them that are followed. The folder's path is
    /// for its links alone.
    pub(in crate::files) fn list(
        &self,
        folder: &Folder,
        path: &Path,
        links: Symlinks,
    ) -> io::Result<Vec<Listed>> {
        let mut listed = Vec::new();
        for entry in Dir::read_from(folder)? {
            let entry = entry?;
            let name = OsStr::from_bytes(entry.file_name().to_bytes());
            if !matches!(name.as_bytes(), b"." | b"..")
                && let Some(known) = self.look(folder, path, name, links)
            {
                listed.push(known);
            }
        }
        Ok(listed)
    }

    fn look(&self, folder: &Folder, path: &Path, name: &OsStr, links: Symlinks) -> Option<Listed> {
        let stat = rustix::fs::statat(folder, name, AtFlags::SYMLINK_NOFOLLOW).ok()?;
        let (name, modified) = (name.to_owned(), modified(&stat));
        let size = match FileType::from_raw_mode(stat.st_mode) {
            FileType::RegularFile => Some(u64::try_from(stat.st_size).unwrap_or_default()),
            FileType::Directory => None,
            FileType::Symlink => {
                let entry = self.entry(&path.join(&name), links, Pace::Patient).ok()?;
                return Some(Listed::of(name, &entry));
            }
            _ => return None,
        };
        Some(Listed { name, size, modified, link: false })
    }

    #[cfg(target_os = "linux")]
    fn descend(
        &self,
        path: &Path,
        links: Symlinks,
        pace: Pace,
        flags: OFlags,
    ) -> Result<OwnedFd, Errno> {
        match (self.beneath, pace) {
            (Beneath::Missing | Beneath::Patiently, Pace::Now) => return Err(Errno::AGAIN),
            (Beneath::Missing, Pace::Patient) => return self.by_hand(path, links, flags),
            _ => {}
        }
        match (beneath(&self.root, path, links, pace, flags), links) {
            // The kernel follows no absolute link, not even one that leads back into the root.
            (Err(Errno::XDEV), Symlinks::WithinRoot) => match pace {
                Pace::Now => Err(Errno::AGAIN),
                Pace::Patient => self.by_hand(path, links, flags),
            },
            (opened, _) => opened,
        }
    }

    #[cfg(not(target_os = "linux"))]
    fn descend(
        &self,
        path: &Path,
        links: Symlinks,
        pace: Pace,
        flags: OFlags,
    ) -> Result<OwnedFd, Errno> {
        match pace {
            Pace::Now => Err(Errno::AGAIN),
            Pace::Patient => self.by_hand(path, links, flags),
        }
    }

    fn by_hand(&self, path: &Path, links: Symlinks, flags: OFlags) -> Result<OwnedFd, Errno> {
        match links {
            Symlinks::Follow => rustix::fs::openat(&self.root, or_here(path), flags, Mode::empty()),
            Symlinks::Deny | Symlinks::WithinRoot => walk::walk(self, path, links, flags),
        }
    }
}

#[cfg(target_os = "linux")]
impl Beneath {
    fn of(root: &OwnedFd) -> Self {
        let opens = |pace| beneath(root, Path::new(""), Symlinks::WithinRoot, pace, SEARCH);
        match (opens(Pace::Now), opens(Pace::Patient)) {
            (Ok(_) | Err(Errno::AGAIN), _) => Self::AtOnce,
            (_, Ok(_)) => Self::Patiently,
            _ => Self::Missing,
        }
    }
}

/// Opens by one call that never leaves the root. The kernel gives up where something is renamed while it climbs out of
/// a folder; then it is asked again.
#[cfg(target_os = "linux")]
fn beneath(
    root: &OwnedFd,
    path: &Path,
    links: Symlinks,
    pace: Pace,
    flags: OFlags,
) -> Result<OwnedFd, Errno> {
    use rustix::fs::ResolveFlags;

    let mut resolve = ResolveFlags::NO_MAGICLINKS
        | match links {
            Symlinks::Deny => ResolveFlags::BENEATH | ResolveFlags::NO_SYMLINKS,
            Symlinks::WithinRoot => ResolveFlags::BENEATH,
            Symlinks::Follow => ResolveFlags::empty(),
        };
    if pace == Pace::Now {
        resolve |= ResolveFlags::CACHED;
    }
    for _ in 0..MOST_RENAMES {
        match rustix::fs::openat2(root, or_here(path), flags, Mode::empty(), resolve) {
            Err(Errno::INTR) => {}
            Err(Errno::AGAIN) if pace == Pace::Patient => {}
            opened => return opened,
        }
    }
    Err(Errno::NOENT)
}

/// A path that can be opened: no name at all is the folder itself.
fn or_here(path: &Path) -> &Path {
    if path.as_os_str().is_empty() { Path::new(".") } else { path }
}

#[expect(clippy::unnecessary_cast, reason = "the types differ between systems")]
fn modified(stat: &Stat) -> SystemTime {
    let (seconds, part) = (stat.st_mtime as i64, Duration::from_nanos(stat.st_mtime_nsec as u64));
    let whole = Duration::from_secs(seconds.unsigned_abs());
    let time =
        if seconds < 0 { UNIX_EPOCH.checked_sub(whole) } else { UNIX_EPOCH.checked_add(whole) };
    time.and_then(|time| time.checked_add(part)).unwrap_or(UNIX_EPOCH)
}

/// How something is opened to be read: a pipe without a writer never makes anybody wait.
const READ: OFlags =
    OFlags::RDONLY.union(OFlags::CLOEXEC).union(OFlags::NONBLOCK).union(OFlags::NOCTTY);
/// How a folder is opened to be passed, which needs no right to read it on Linux.
#[cfg(target_os = "linux")]
pub(super) const SEARCH: OFlags = OFlags::PATH.union(OFlags::DIRECTORY).union(OFlags::CLOEXEC);
#[cfg(not(target_os = "linux"))]
pub(super) const SEARCH: OFlags = OFlags::RDONLY.union(OFlags::DIRECTORY).union(OFlags::CLOEXEC);
#[cfg(target_os = "linux")]
const MOST_RENAMES: usize = 128;

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::symlink;

    use super::*;

    /// T57: every way to open a path comes to the same, with links of all kinds.
    #[test]
    fn one_call_and_many_open_the_same() {
        let place = std::env::temp_dir().join(format!("counterpart-tree-{}", std::process::id()));
        let root = place.join("root");
        fs::create_dir_all(root.join("sub")).unwrap();
        let place = place.canonicalize().unwrap();
        let root = place.join("root");
        for (name, content) in [("a", "a"), ("sub/b", "b"), ("../out", "OUT")] {
            fs::write(root.join(name), content).unwrap();
        }
        let absolute = root.join("a");
        let links = [
            ("one", "a"),
            ("two", "one"),
            ("up", "sub/../a"),
            ("sub/back", "../a"),
            ("folder", "sub"),
            ("here", "."),
            ("loop", "loop"),
            ("broken", "nothing"),
            ("outside", "../out"),
            ("climb", "sub/../../out"),
            ("etc", "/etc/passwd"),
            ("absolute", absolute.to_str().unwrap()),
        ];
        for (name, to) in links {
            symlink(to, root.join(name)).unwrap();
        }
        let tree = Tree::open(&root).unwrap();
        #[cfg(target_os = "linux")]
        let by_hand = Tree { beneath: Beneath::Missing, ..Tree::open(&root).unwrap() };
        #[cfg(not(target_os = "linux"))]
        let by_hand = Tree::open(&root).unwrap();
        let below =
            ["", "a", "sub", "sub/b", "a/b", "sub/nothing", "folder/b", "here/a", "outside/x"];
        for path in links.iter().map(|(name, _)| *name).chain(below) {
            for how in [Symlinks::Deny, Symlinks::WithinRoot, Symlinks::Follow] {
                let read = |tree: &Tree| match tree.entry(Path::new(path), how, Pace::Patient) {
                    Ok(Entry::File(file, _)) => io::read_to_string(file).unwrap(),
                    Ok(Entry::Folder(..)) => "a folder".into(),
                    Err(_) => "nothing".into(),
                };
                let read = [read(&tree), read(&by_hand)];
                assert_eq!(read[0], read[1], "{path}, {how:?}");
                assert!(how == Symlinks::Follow || read[0] != "OUT", "{path}, {how:?}");
            }
        }
        fs::remove_dir_all(place).unwrap();
    }
}
