//! Routes: what a path template is, which route answers a request, and which routes cannot stand together.
//!
//! Here: [`Template`], the [`Table`] (matching, 405, `Allow`, HEAD from GET), and the compile-time
//! [`conflict`] check.
//! Not here: what a route does (`api`).
//! Read in this order: `template`, `table`, `literals`; `conflict` stands for itself.

pub mod conflict;
mod literals;
mod table;
mod template;

pub use table::{Node, Selected, Table};
pub use template::Template;
pub(crate) use template::normal;
