//! Files of a folder, served.
//!
//! Here: [`Files`], a service; what it may be told: [`Hidden`], [`Symlinks`].
//! Not here: a program that serves a folder (`examples/files`), and how a file gets onto a wire (`body`, `drive`).
//! Read in this order: this file, `service` (the course of a request), `asked` and `target` (what its path names),
//! `tree` (how that is opened), `find` (which file it gets), `conditions` and `answer` (how much of it), `coding`,
//! `kinds`, `refusal`, `page`, `listing`.

mod answer;
mod asked;
mod coding;
mod conditions;
mod find;
mod kinds;
mod listing;
mod page;
mod refusal;
mod service;
mod target;
mod tree;

use std::fmt;
use std::io;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use http::{HeaderName, HeaderValue};

use kinds::Kinds;
use tree::Tree;

pub use tree::Symlinks;

/// The files of a folder, as a service: by GET and HEAD, with entity tags, conditions and ranges (RFC 9110 §13, §14).
///
/// It stands below a prefix of an app, or is an app by itself:
///
/// ```no_run
/// use counterpart::files::Files;
/// use counterpart::prelude::*;
///
/// # #[get("/health")]
/// # fn health() {}
/// # api!(Api: health);
/// # fn main() -> Result<(), counterpart::files::OpenError> {
/// let assets = Files::new("public")?.precompressed(true).cache_control("public, max-age=3600");
/// let app = App::new().mount(Api).mount_at("/assets", assets);
/// # drop(app);
/// # Ok(())
/// # }
/// ```
///
/// The folder is opened once. What is renamed to its name later is not served, and nothing outside of it can be reached,
/// whatever happens in it: each file is opened from the folder, by one call to the system that never leaves it.
///
/// A path is taken by the letter: decoded once, and what holds `..`, `.`, an empty name, NUL, `\` or an encoded `/` is
/// 404. So are pipes and devices, and what may not be read, so that nobody learns what there is.
#[derive(Clone)]
pub struct Files {
    tree: Arc<Tree>,
    settings: Arc<Settings>,
}

/// What a service was told.
#[derive(Debug, Clone)]
struct Settings {
    index: Vec<PathBuf>,
    listing: bool,
    hidden: Hidden,
    symlinks: Symlinks,
    precompressed: bool,
    spa: Option<PathBuf>,
    cache_control: Option<HeaderValue>,
    kinds: Kinds,
    fields: Vec<(HeaderName, HeaderValue)>,
}

/// What becomes of files and folders whose names begin with a dot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Hidden {
    /// They are 404 and not listed, which is the default: `.git` and `.env` were never meant for anybody else. Where
    /// `/.well-known` is, a second service is mounted there.
    #[default]
    Deny,
    /// They are files like all others.
    Serve,
}

impl Files {
    /// The files of this folder.
    ///
    /// # Errors
    /// If it cannot be opened, or is no folder.
    pub fn new(folder: impl AsRef<Path>) -> Result<Self, OpenError> {
        let folder = folder.as_ref();
        let tree =
            Tree::open(folder).map_err(|source| OpenError { folder: folder.into(), source })?;
        let settings = Settings {
            index: vec!["index.html".into(), "index.htm".into()],
            listing: false,
            hidden: Hidden::default(),
            symlinks: Symlinks::default(),
            precompressed: false,
            spa: None,
            cache_control: None,
            kinds: Kinds::default(),
            fields: Vec::new(),
        };
        Ok(Self { tree: Arc::new(tree), settings: Arc::new(settings) })
    }

    /// What answers for a folder, the first that is there: `index.html`, then `index.htm` unless told.
    #[must_use]
    pub fn index_files<N: Into<String>>(self, names: impl IntoIterator<Item = N>) -> Self {
        let names = names.into_iter().map(|name| PathBuf::from(name.into())).collect();
        self.with(|settings| settings.index = names)
    }

    /// Whether a folder without an index is listed, as a page or, for whoever rather has `application/json`, as JSON. Not
    /// unless told: what lies in a folder is not always meant to be found.
    #[must_use]
    pub fn listing(self, listed: bool) -> Self {
        self.with(|settings| settings.listing = listed)
    }

    /// What becomes of names that begin with a dot; [`Hidden::Deny`] unless told.
    #[must_use]
    pub fn hidden(self, hidden: Hidden) -> Self {
        self.with(|settings| settings.hidden = hidden)
    }

    /// Which symbolic links are followed; [`Symlinks::WithinRoot`] unless told.
    #[must_use]
    pub fn symlinks(self, symlinks: Symlinks) -> Self {
        self.with(|settings| settings.symlinks = symlinks)
    }

    /// Whether `app.js.br`, `app.js.zst` or `app.js.gz` is sent in the place of `app.js` to whoever takes that coding.
    /// Such a file has an entity tag of its own, and ranges are of its bytes as they are. Not unless told.
    #[must_use]
    pub fn precompressed(self, looked_for: bool) -> Self {
        self.with(|settings| settings.precompressed = looked_for)
    }

    /// The page of a program that draws every path by itself, such as `index.html`: whoever takes HTML gets it, with 200,
    /// where nothing is. A path whose last name has an extension still is 404, so that a missing picture is missing.
    #[must_use]
    pub fn spa(self, page: impl AsRef<Path>) -> Self {
        let names = page.as_ref().components();
        let page = names.filter(|part| matches!(part, Component::Normal(_))).collect();
        self.with(|settings| settings.spa = Some(page))
    }

    /// `Cache-Control` of each file, such as `public, max-age=3600`; none unless told, and then each cache guesses.
    ///
    /// # Panics
    /// If this is no value of a field.
    #[must_use]
    #[track_caller]
    pub fn cache_control(self, directives: &str) -> Self {
        let directives = value(directives);
        self.with(|settings| settings.cache_control = Some(directives))
    }

    /// The type of files whose names end so, such as `.foo` or `.tar.gz`; it goes before those that everybody knows.
    ///
    /// # Panics
    /// If the type is no value of a field.
    #[must_use]
    #[track_caller]
    pub fn content_type(self, extension: &str, kind: &str) -> Self {
        let kind = value(kind);
        self.with(|settings| settings.kinds.tell(extension, kind))
    }

    /// The type of files that nothing is known of; `application/octet-stream` unless told.
    ///
    /// # Panics
    /// If the type is no value of a field.
    #[must_use]
    #[track_caller]
    pub fn default_content_type(self, kind: &str) -> Self {
        let kind = value(kind);
        self.with(|settings| settings.kinds.unknown = kind)
    }

    /// A field of every answer, refusals too; it takes the place of the service's own of that name.
    #[must_use]
    pub fn header(self, name: HeaderName, value: HeaderValue) -> Self {
        self.with(|settings| settings.fields.push((name, value)))
    }

    fn with(mut self, tell: impl FnOnce(&mut Settings)) -> Self {
        tell(Arc::make_mut(&mut self.settings));
        self
    }
}

impl Settings {
    /// Which fields of a request choose between answers that have the same path.
    const fn vary(&self) -> Option<&'static str> {
        match (self.precompressed, self.spa.is_some()) {
            (true, true) => Some("accept-encoding, accept"),
            (true, false) => Some("accept-encoding"),
            (false, true) => Some("accept"),
            (false, false) => None,
        }
    }
}

#[track_caller]
fn value(text: &str) -> HeaderValue {
    match HeaderValue::from_str(text) {
        Ok(value) => value,
        Err(_) => {
            panic!("`{}` is no value of a field: it holds control characters", text.escape_debug())
        }
    }
}

impl fmt::Debug for Files {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Files").field("tree", &self.tree).field("settings", &self.settings).finish()
    }
}

/// Why a folder cannot be served.
#[derive(Debug)]
pub struct OpenError {
    folder: PathBuf,
    source: io::Error,
}

impl OpenError {
    /// The folder, as it was given.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }
}

impl fmt::Display for OpenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` cannot be served", self.folder.display())
    }
}

impl std::error::Error for OpenError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.source)
    }
}
