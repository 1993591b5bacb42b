//! Counterpart: write a route once; the server and a typed client are its counterparts.
//!
//! ```
//! use counterpart::prelude::*;
//!
//! /// Greet somebody.
//! #[get("/hello/{name}")]
//! async fn hello(name: String, shout: Option<bool>) -> String {
//!     if shout.unwrap_or(false) { format!("HELLO, {name}!") } else { format!("Hello, {name}!") }
//! }
//!
//! api!(Greetings: hello);
//!
//! #[counterpart::main]
//! async fn main() -> counterpart::Result<()> {
//!     let app = App::new().mount(Greetings);
//!     // app.serve("127.0.0.1:8080").await is the server; this is a client of the same app, without a socket:
//!     let client = GreetingsClient::local(app);
//!     assert_eq!(client.hello("Ada").shout(true).await?, "HELLO, Ada!");
//!     Ok(())
//! }
//! ```
//!
//! In the order in which one needs them:
//!
//! * [`route`](macro@route) and its kin ([`get`], [`post`], …): what a handler may take and answer; [`api!`](macro@api):
//!   the list of routes and its client; [`App`]: states, layers, serving.
//! * [`ApiError`](derive@ApiError), [`State`](derive@State), [`FromRequest`], [`Reply`]: errors, what handlers share, what
//!   is taken from a request, answers of your own.
//! * [`Call`], [`CallError`], [`Problem`], [`RawCall`]: the client's side.
//! * `tls`, with the feature of that name: certificates, roots, who may call whom.
//! * [`server`], [`client`], [`Service`], [`proto`]: the layers below, for whoever needs a connection by hand.
//! * [`defaults`]: every limit and deadline, and why it is what it is.
//!
//! Features: `macros`, `server` and `client`, all on by default; `blocking` (one connection by hand without a runtime),
//! `files` (the files of a folder as a service, straight from the disk to the socket), `compression` (a client undoes
//! codings of content), `cookies` (a client keeps cookies), `tls` (https on both sides) and `idna` (host names outside of
//! ASCII), to be asked for. They only add.

extern crate self as counterpart;

pub mod api;
pub mod app;
pub mod body;
#[cfg(feature = "exchange")]
pub mod client;
#[cfg(any(feature = "server", feature = "exchange"))]
pub mod drive;
/// Every limit and deadline, what it is unless told, and why.
///
#[doc = include_str!("../docs/defaults.md")]
pub mod defaults {}
mod error;
#[cfg(feature = "files")]
pub mod files;
#[cfg(feature = "net")]
pub mod io;
pub mod layers;
pub mod message;
pub mod prelude;
#[doc(hidden)]
pub mod private;
pub mod problem;
pub mod proto;
pub mod route;
mod serve;
#[cfg(feature = "server")]
pub mod server;
pub mod service;
pub mod text;
#[cfg(feature = "tls")]
pub mod tls;
pub mod typed;
mod upgrade;
pub mod wire;

#[cfg(feature = "macros")]
#[doc = include_str!("../docs/api_error.md")]
pub use counterpart_macros::ApiError;
#[cfg(feature = "macros")]
#[doc = include_str!("../docs/state.md")]
pub use counterpart_macros::State;
#[cfg(feature = "macros")]
#[doc = include_str!("../docs/api.md")]
pub use counterpart_macros::api;
/// A route of DELETE: `#[delete("/path")]`. All that [`route`](macro@route) says holds for it.
#[cfg(feature = "macros")]
pub use counterpart_macros::delete;
/// A route of GET: `#[get("/path")]`. All that [`route`](macro@route) says holds for it.
#[cfg(feature = "macros")]
pub use counterpart_macros::get;
/// A route of HEAD: `#[head("/path")]`. All that [`route`](macro@route) says holds for it.
#[cfg(feature = "macros")]
pub use counterpart_macros::head;
#[cfg(feature = "macros")]
#[doc = include_str!("../docs/main.md")]
pub use counterpart_macros::main;
/// A route of OPTIONS: `#[options("/path")]`. All that [`route`](macro@route) says holds for it.
#[cfg(feature = "macros")]
pub use counterpart_macros::options;
/// A route of PATCH: `#[patch("/path")]`. All that [`route`](macro@route) says holds for it.
#[cfg(feature = "macros")]
pub use counterpart_macros::patch;
/// A route of POST: `#[post("/path")]`. All that [`route`](macro@route) says holds for it.
#[cfg(feature = "macros")]
pub use counterpart_macros::post;
/// A route of PUT: `#[put("/path")]`. All that [`route`](macro@route) says holds for it.
#[cfg(feature = "macros")]
pub use counterpart_macros::put;
#[cfg(feature = "macros")]
#[doc = include_str!("../docs/route.md")]
pub use counterpart_macros::route;
#[cfg(feature = "macros")]
#[doc = include_str!("../docs/test.md")]
pub use counterpart_macros::test;

/// Keeps what only a client over sockets has, where the framework has one.
#[cfg(feature = "client")]
#[doc(hidden)]
#[macro_export]
macro_rules! __if_client {
    ($($item:tt)*) => { $($item)* };
}

/// Drops it, where it has none.
#[cfg(not(feature = "client"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __if_client {
    ($($item:tt)*) => {};
}

/// The README's example, as a test.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
pub struct Readme;

pub use api::call::{Call, CallError, CallOptions};
pub use api::client::ApiClient;
pub use api::endpoint::Need;
pub use api::prefix::Prefix;
pub use api::provide::{FromRequest, Provide, RequestContext};
pub use api::raw::{RawAnswer, RawCall};
pub use app::{App, Lifecycle, StartError};
pub use body::Body;
pub use bytes::Bytes;
pub use error::{Error, Result};
pub use http;
pub use layers::around::Next;
pub use message::{Request, Response};
pub use problem::Problem;
#[cfg(feature = "server")]
pub use serve::Bound;
pub use serve::Transport;
pub use service::{Fault, FaultKind, Phase, Service};
pub use text::Fields;
pub use typed::error::ApiError;
pub use typed::patch::Patch;
pub use typed::reply::{FromReply, Reply};
pub use typed::status::{Accepted, Created, Html, NoContent, Redirect, Text, WithHeaders};
