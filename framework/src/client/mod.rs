//! Clients: calls to servers over sockets.
//!
//! Here: [`Client`], which keeps connections and makes any number of calls side by side; [`Connection`], which is one
//! wire by hand, request after request; with the feature `blocking` the same without a runtime. A [`Connector`] says for
//! all of them how connections are made: to which of a name's addresses, through which proxy, and how many.
//! Not here: what a call does once there is a wire (`drive`), typed calls (`api`).
//! Read in this order: `authority`, `origin`, `url`; `connector`, `dial`, `proxy`, `connect`; `pool`, `budget`, `transport`, `upgrade`; `calls`;
//! `by_hand`, `connection`, `answer`, `writer`; `blocking`.

#[cfg(feature = "client")]
mod answer;
mod authority;
#[cfg(feature = "blocking")]
pub mod blocking;
#[cfg(feature = "client")]
mod budget;
mod by_hand;
#[cfg(feature = "client")]
mod calls;
#[cfg(feature = "client")]
mod connect;
#[cfg(feature = "client")]
mod connection;
mod connector;
mod dial;
mod origin;
#[cfg(feature = "client")]
mod pool;
#[cfg(feature = "client")]
mod proxy;
#[cfg(feature = "client")]
mod transport;
#[cfg(feature = "client")]
mod upgrade;
mod url;
#[cfg(feature = "client")]
mod writer;

pub use crate::drive::exchange::OnInterim;
pub use crate::drive::timeouts::Timeouts;
pub use crate::proto::h1::{Length, Limits};
/// The one error of every client.
pub use crate::service::Fault as Error;
#[cfg(feature = "client")]
pub use answer::Answer;
pub use authority::Authority;
#[cfg(feature = "compression")]
pub use calls::Codings;
#[cfg(feature = "cookies")]
pub use calls::CookieJar;
#[cfg(feature = "client")]
pub use calls::{
    Client, Hop, OwnedAnswer, Progress, Redirection, Redirects, RequestBuilder, Retries, Verdict,
    get,
};
#[cfg(feature = "client")]
pub use connection::Connection;
pub use connector::{Connector, LocalAddress};
pub use dial::{Resolver, is_public};
pub use origin::{Origin, Scheme};
#[cfg(feature = "client")]
pub use pool::Pooling;
#[cfg(feature = "client")]
pub use proxy::{Proxy, Refusal};
#[cfg(feature = "client")]
#[cfg(feature = "client")]
pub use upgrade::upgrade;
#[cfg(feature = "client")]
pub use writer::BodyWriter;
