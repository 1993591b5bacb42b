//! The tree where there are no descriptors of folders: names are looked at, then opened. Somebody who can write into
//! the folder could change it in between; on such systems nobody else should.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use super::{Entry, Listed, Meta, Pace, Symlinks, neither};

/// The root, by its name without links.
#[derive(Debug)]
pub(in crate::files) struct Tree(PathBuf);

/// A folder's name.
pub(in crate::files) type Folder = PathBuf;

impl Tree {
    pub(in crate::files) fn open(path: &Path) -> io::Result<Self> {
        let root = path.canonicalize()?;
        fs::read_dir(&root)?;
        Ok(Self(root))
    }

    /// Opens what a relative path names.
    pub(in crate::files) fn entry(
        &self,
        path: &Path,
        links: Symlinks,
        pace: Pace,
    ) -> io::Result<Entry<Folder>> {
        if pace == Pace::Now {
            return Err(io::ErrorKind::WouldBlock.into());
        }
        let name = self.resolve(path, links)?;
        let metadata = fs::metadata(&name)?;
        if metadata.is_dir() {
            return Ok(Entry::Folder(name, Meta::of(&metadata).modified));
        }
        if !metadata.is_file() {
            return Err(neither());
        }
        let file = File::open(name)?;
        let meta = Meta::of(&file.metadata()?);
        Ok(Entry::File(file, meta))
    }

    /// What is in a folder: files, folders, and links to them that are followed.
    pub(in crate::files) fn list(
        &self,
        folder: &Folder,
        path: &Path,
        links: Symlinks,
    ) -> io::Result<Vec<Listed>> {
        let look = |entry: fs::DirEntry| {
            let metadata = entry.metadata().ok()?;
            let (name, modified) = (entry.file_name(), metadata.modified().unwrap_or(UNIX_EPOCH));
            let link = metadata.is_symlink();
            if link {
                let entry = self.entry(&path.join(&name), links, Pace::Patient).ok()?;
                return Some(Listed::of(name, &entry));
            }
            let size = metadata.is_file().then_some(metadata.len());
            (metadata.is_file() || metadata.is_dir()).then_some(Listed {
                name,
                size,
                modified,
                link,
            })
        };
        Ok(fs::read_dir(folder)?.filter_map(|entry| entry.ok().and_then(look)).collect())
    }

    fn resolve(&self, path: &Path, links: Symlinks) -> io::Result<PathBuf> {
        let name = self.0.join(path);
        let real = name.canonicalize()?;
        let allowed = match links {
            Symlinks::Follow => true,
            Symlinks::WithinRoot => real.starts_with(&self.0),
            Symlinks::Deny => real == name,
        };
        if allowed { Ok(real) } else { Err(io::ErrorKind::NotFound.into()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_outside_stays_outside() {
        let root =
            std::env::temp_dir().join(format!("counterpart-portable-{}", std::process::id()));
        fs::create_dir_all(root.join("in/sub")).unwrap();
        fs::write(root.join("out.txt"), "outside").unwrap();
        fs::write(root.join("in/a.txt"), "a").unwrap();
        let tree = Tree::open(&root.join("in")).unwrap();
        let opens = |path: &str, links| tree.entry(Path::new(path), links, Pace::Patient).is_ok();
        assert!(opens("a.txt", Symlinks::Deny) && opens("", Symlinks::Deny));
        assert!(!opens("../out.txt", Symlinks::WithinRoot) && !opens("../out.txt", Symlinks::Deny));
        #[cfg(unix)]
        {
            std::os::unix::fs::symlink("../out.txt", root.join("in/out")).unwrap();
            std::os::unix::fs::symlink("a.txt", root.join("in/b.txt")).unwrap();
            assert!(opens("out", Symlinks::Follow) && !opens("out", Symlinks::WithinRoot));
            assert!(opens("b.txt", Symlinks::WithinRoot) && !opens("b.txt", Symlinks::Deny));
        }
        let listed = tree.list(&root.join("in"), Path::new(""), Symlinks::WithinRoot).unwrap();
        assert_eq!(listed.len(), if cfg!(unix) { 3 } else { 2 });
        fs::remove_dir_all(root).unwrap();
    }
}
