//! Layers: services around services.
//!
//! Here: functions around an app ([`around`]), any [`tower_layer::Layer`], in and out ([`tower`]), and the client's
//! address behind proxies ([`forwarded`]).
//! Not here: where an app puts them (`app`).

pub mod around;
pub mod forwarded;
pub mod tower;
