//! A path walked name by name, without a link being followed unseen: where the system has no call for it, and for
//! absolute links that lead back into the root.

use std::ffi::{OsStr, OsString};
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::{Component, Path, PathBuf};

use rustix::fs::{Mode, OFlags};
use rustix::io::Errno;

use super::Symlinks;
use super::unix::{SEARCH, Tree};

/// Opens what a path names. Each folder on the way is held open, so that `..` in a link is the way back that was come,
/// whatever is renamed meanwhile, and never leads above the root.
pub(super) fn walk(
    tree: &Tree,
    path: &Path,
    links: Symlinks,
    flags: OFlags,
) -> Result<OwnedFd, Errno> {
    let mut ahead = steps(path);
    let mut held: Vec<OwnedFd> = Vec::new();
    let mut followed = 0;
    while let Some(name) = ahead.pop() {
        if name == ".." {
            held.pop().ok_or(Errno::XDEV)?;
            continue;
        }
        let at = held.last().unwrap_or(&tree.root).as_fd();
        let here = if ahead.is_empty() { flags } else { SEARCH };
        match rustix::fs::openat(at, &name, here | OFlags::NOFOLLOW, Mode::empty()) {
            Ok(opened) => held.push(opened),
            Err(Errno::LOOP | Errno::MLINK | Errno::NOTDIR) if links == Symlinks::WithinRoot => {
                followed += 1;
                if followed > MOST_LINKS {
                    return Err(Errno::LOOP);
                }
                let to =
                    rustix::fs::readlinkat(at, &name, Vec::new()).map_err(|_| Errno::NOTDIR)?;
                let to = PathBuf::from(OsString::from_vec(to.into_bytes()));
                if to.is_absolute() {
                    held.clear();
                }
                ahead.append(&mut steps(below(tree, &to)?));
            }
            Err(error) => return Err(error),
        }
    }
    match held.pop() {
        Some(opened) => Ok(opened),
        None => rustix::fs::openat(&tree.root, ".", flags, Mode::empty()),
    }
}

/// A link's end as a path from where it stands, or from the root if it is absolute.
fn below<'p>(tree: &Tree, link: &'p Path) -> Result<&'p Path, Errno> {
    if link.is_relative() {
        return Ok(link);
    }
    let mut names = tree.names.iter();
    names.find_map(|root| link.strip_prefix(root).ok()).ok_or(Errno::XDEV)
}

/// The names of a path, the last first.
fn steps(path: &Path) -> Vec<OsString> {
    let named = |part: Component<'_>| match part {
        Component::Normal(name) => Some(name.to_owned()),
        Component::ParentDir => Some(OsStr::from_bytes(b"..").to_owned()),
        _ => None,
    };
    path.components().rev().filter_map(named).collect()
}

/// As many links as Linux follows on the way to one file.
const MOST_LINKS: usize = 40;
