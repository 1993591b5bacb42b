//! Calls over kept connections: what people ask of a client beyond one request and one answer.
//!
//! Here: [`Client`] and what is set on it; a request as it is put together ([`RequestBuilder`]), an answer that owns what
//! it is read from ([`OwnedAnswer`]), and the journey between the two, in one function.
//! Not here: connections and where they come from (`transport` and what it stands on), typed calls (`api`).
//! Read in this order: `client`, `layered`, `aim`, `settings`, `request`, `auth`, `journey`, `redirects`, `location`, `retries`, `progress`, `cookies`,
//! `codings`, `decoded`, `answer`,
//! `reading`, `charset`.

mod aim;
mod answer;
mod auth;
mod charset;
mod client;
#[cfg(feature = "compression")]
mod codings;
#[cfg(feature = "cookies")]
mod cookies;
#[cfg(feature = "compression")]
mod decoded;
mod journey;
mod layered;
mod location;
mod progress;
mod reading;
mod redirects;
mod request;
mod retries;
mod settings;

pub(super) use auth::basic;

pub use answer::{OwnedAnswer, Redirection};
pub use client::{Client, get};
#[cfg(feature = "compression")]
pub use codings::Codings;
#[cfg(feature = "cookies")]
pub use cookies::CookieJar;
pub use progress::Progress;
pub use redirects::{Hop, Redirects, Verdict};
pub use request::RequestBuilder;
pub use retries::Retries;
