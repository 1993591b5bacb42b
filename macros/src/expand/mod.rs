//! Writing: the model becomes Rust. Each generator carries what it writes as a comment above it, or names the
//! golden file that shows it.

pub(crate) mod api;
pub(crate) mod assert;
pub(crate) mod client;
pub(crate) mod endpoint;
pub(crate) mod error;
pub(crate) mod fallback;
pub(crate) mod handle;
pub(crate) mod main;
pub(crate) mod reason;
pub(crate) mod state;
pub(crate) mod types;
