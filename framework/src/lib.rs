//! Counterpart: write a route once; the server and a typed client are its counterparts.

pub mod proto;
pub mod text;

pub use http;
pub use text::Fields;
