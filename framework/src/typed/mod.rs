//! Types on the wire: one file for each format, both directions in it.
//!
//! Here: how an argument or an answer becomes bytes, and how bytes become it again. A law test in each file:
//! what the client writes, the server reads.
//! Not here: which argument comes from where (`api`), or when a body is read (`drive`).
//! Read in this order: `text` (one value as words), `path`, `query`, `header`, `json`, `reply`,
//! `kind`, `content`, `status`.

pub mod absent;
pub mod content;
pub mod error;
pub mod failure;
pub mod header;
pub mod json;
pub mod kind;
mod outermost;
pub mod patch;
pub mod path;
pub mod query;
pub mod rejection;
pub mod reply;
pub mod status;
pub mod text;
mod unique;

use serde::Serialize;
use serde::de::DeserializeOwned;

/// A type that travels: what a handler takes by value.
///
/// It holds for every type that derives `Serialize` and `Deserialize`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot travel",
    label = "what is taken by value travels on the wire, and needs both `Serialize` and `Deserialize`",
    note = "derive both from serde for a type of your own",
    note = "what the server provides is taken by reference: a state `Db` as `&Db`, whether or not it lies in an `Arc`",
    note = "content that is no JSON is taken whole as `Bytes`, or as it comes as `Body`, neither in an `Option`: by POST, PUT and PATCH, or marked `#[body]`"
)]
pub trait Travel: Serialize + DeserializeOwned + Send + 'static {}

#[diagnostic::do_not_recommend]
impl<T: Serialize + DeserializeOwned + Send + 'static> Travel for T {}
