//! The contract between a route as the macro writes it, the app that serves it and the client that calls it.
//!
//! Here: what a route promises ([`endpoint`]), the server's half ([`serve`], [`provide`]), the client's half
//! ([`client`], [`draft`], [`call`], [`raw`]), and [`witness`], by which a mistake in a type is told once.
//! Not here: which route answers (`route`), how values travel (`typed`).
//! Read in this order: `endpoint`, `provide`, `serve`, `client`, `draft`, `call`, `raw`.

pub mod call;
pub mod client;
pub mod draft;
pub mod endpoint;
pub mod prefix;
pub mod provide;
pub mod raw;
pub mod serve;
pub mod states;
pub mod witness;
