//! A folder to be served, made of lines, and gone when it is dropped.

use std::fs::{self, File};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// The folder that is served is `root` in it.
#[derive(Debug)]
pub(super) struct Folder(PathBuf);

impl Folder {
    /// An empty one.
    pub(super) fn new() -> Self {
        static MADE: AtomicUsize = AtomicUsize::new(0);
        let number = MADE.fetch_add(1, Ordering::Relaxed);
        let name = format!("counterpart-files-{}-{number}", std::process::id());
        let folder = std::env::temp_dir().join(name);
        fs::create_dir_all(folder.join("root")).unwrap();
        Self(folder)
    }

    /// With what the lines say, as `tests/files/README.md` tells it.
    pub(super) fn of(lines: &str) -> Self {
        let folder = Self::new();
        lines.lines().for_each(|line| folder.add(line));
        // A file that is added changes its folder, so these come last.
        touch_folders(&folder.root());
        folder
    }

    pub(super) fn root(&self) -> PathBuf {
        // What a link says must not hold another link.
        self.0.canonicalize().unwrap().join("root")
    }

    /// Adds what one line says.
    pub(super) fn add(&self, line: &str) {
        if let Some((name, to)) = line.split_once(" -> ") {
            let to = to.replace("{root}", self.root().to_str().unwrap());
            symlink(to, self.place(name)).unwrap();
        } else if let Some(name) = line.strip_suffix(" |") {
            assert!(Command::new("mkfifo").arg(self.place(name)).status().unwrap().success());
        } else if let Some(name) = line.strip_suffix('/') {
            fs::create_dir_all(self.place(name)).unwrap();
        } else if let Some((name, length)) = line.split_once(" * ") {
            let digits: Vec<u8> = (b'0'..=b'9').cycle().take(length.parse().unwrap()).collect();
            self.write(name, &digits, CHANGED);
        } else {
            let (name, content) = line.split_once(": ").expect("a name and its content");
            let (name, at) = name.split_once(" @ ").unwrap_or((name, CHANGED));
            self.write(name, &unescaped(content), at);
        }
    }

    fn write(&self, name: &str, content: &[u8], changed: &str) {
        let place = self.place(name);
        fs::write(&place, content).unwrap();
        File::options().write(true).open(place).unwrap().set_modified(moment(changed)).unwrap();
    }

    /// Where a name is, the folders above it made.
    fn place(&self, name: &str) -> PathBuf {
        let place = self.root().join(std::ffi::OsStr::from_bytes(&unescaped(name)));
        fs::create_dir_all(place.parent().unwrap()).unwrap();
        place
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn touch_folders(folder: &Path) {
    for entry in fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        if entry.file_type().unwrap().is_dir() {
            touch_folders(&entry.path());
        }
    }
    File::open(folder).unwrap().set_modified(moment(CHANGED)).unwrap();
}

fn moment(seconds: &str) -> SystemTime {
    match seconds.strip_prefix('-') {
        Some(before) => UNIX_EPOCH - Duration::from_secs(before.parse().unwrap()),
        None => UNIX_EPOCH + Duration::from_secs(seconds.parse().unwrap()),
    }
}

/// `%NN` as the byte that it is.
fn unescaped(text: &str) -> Vec<u8> {
    let mut parts = text.split('%');
    let mut bytes = parts.next().unwrap_or_default().as_bytes().to_vec();
    for part in parts {
        bytes.push(u8::from_str_radix(&part[..2], 16).unwrap());
        bytes.extend_from_slice(&part.as_bytes()[2..]);
    }
    bytes
}

/// 1994-11-06T08:49:37Z.
const CHANGED: &str = "784111777";
