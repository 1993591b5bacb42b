//! Layers: services around services.
//!
//! Here: functions around an app ([`around`]) and any [`tower_layer::Layer`], in and out ([`tower`]).
//! Not here: where an app puts them (`app`).

pub mod around;
pub mod tower;
