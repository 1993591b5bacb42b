//! Counterpart: write a route once; the server and a typed client are its counterparts.

extern crate self as counterpart;

pub mod api;
pub mod body;
pub mod message;
#[doc(hidden)]
pub mod private;
pub mod problem;
pub mod proto;
pub mod route;
pub mod service;
pub mod text;
pub mod typed;
pub mod wire;

pub use body::Body;
pub use bytes::Bytes;
pub use http;
pub use message::{Request, Response};
pub use problem::Problem;
pub use service::{Fault, Service};
pub use text::Fields;
pub use typed::reply::{FromReply, Reply};
pub use typed::status::{Accepted, Created, Html, NoContent, Redirect, Text, WithHeaders};
