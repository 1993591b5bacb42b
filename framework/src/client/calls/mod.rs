//! Calls over kept connections: what people ask of a client beyond one request and one answer.
//!
//! Here: [`Client`] and what is set on it; a request as it is put together ([`RequestBuilder`]), an answer that owns what
//! it is read from ([`OwnedAnswer`]), and the journey between the two, in one function.
//! Not here: connections and where they come from (`transport` and what it stands on), typed calls (`api`).
//! Read in this order: `client`, `aim`, `settings`, `request`, `auth`, `journey`, `redirects`, `location`, `codings`, `decoded`, `answer`,
//! `reading`, `charset`.

mod aim;
mod answer;
mod auth;
mod charset;
mod client;
#[cfg(feature = "compression")]
mod codings;
#[cfg(feature = "compression")]
mod decoded;
mod journey;
mod location;
mod reading;
mod redirects;
mod request;
mod settings;

pub(super) use auth::basic;

pub use answer::{OwnedAnswer, Redirection};
pub use client::{Client, get};
#[cfg(feature = "compression")]
pub use codings::Codings;
pub use redirects::{Hop, Redirects, Verdict};
pub use request::RequestBuilder;
