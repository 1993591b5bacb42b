//! Laws: what holds for any bytes, each a function that panics where it does not.
//!
//! One file for each law; `tests/fuzz` has a target of the same name.

mod chunked;
mod client;
mod cookies;
mod head;
mod path;
mod paths;
mod pieces;
mod query;
mod ranges;
mod server;

pub use chunked::chunked;
pub use client::client;
pub use cookies::cookies;
pub use head::head;
pub use path::path;
pub use paths::paths;
pub use pieces::low;
pub use query::query;
pub use ranges::ranges;
pub use server::server;

/// A law, by the name of its fuzz target and of the folder of its corpus.
pub type Law = (&'static str, fn(&[u8]));

/// All of them.
pub const ALL: [Law; 9] = [
    ("server", server),
    ("client", client),
    ("chunked", chunked),
    ("head", head),
    ("query", query),
    ("path", path),
    ("paths", paths),
    ("ranges", ranges),
    ("cookies", cookies),
];
