//! Drivers: each pumps bytes between a wire and a machine, and minds the clock.
//!
//! Here: one HTTP/1.1 connection of a server or of a client, in one task, without channels: what the
//! handler's body asks for, the driver reads in the same poll.
//! Not here: where connections come from (`server`, `client`), what bytes mean (`proto`).
//! Read in this order: `config`, `link`, `clock`, `timer`, `crowd`; then `h1_server` with `call`, `feed`, `answer`,
//! `wait`, `switch`, `ending`, `hosts`, `refuse` and `handshake`; then `timeouts`, `patience`, `trace`, `exchange`, `h1_client` and
//! `incoming`.

#[cfg(feature = "server")]
pub mod access;
#[cfg(feature = "server")]
mod answer;
mod buffers;
#[cfg(feature = "server")]
mod call;
#[cfg(feature = "server")]
pub mod clock;
#[cfg(feature = "server")]
pub mod config;
#[cfg(feature = "server")]
pub mod crowd;
#[cfg(feature = "server")]
mod ending;
#[cfg(feature = "exchange")]
pub(crate) mod exchange;
#[cfg(feature = "server")]
mod feed;
#[cfg(feature = "client")]
pub mod h1_client;
#[cfg(feature = "server")]
pub mod h1_server;
#[cfg(all(feature = "server", feature = "tls"))]
pub mod handshake;
#[cfg(feature = "server")]
mod hosts;
#[cfg(feature = "client")]
mod incoming;
mod link;
#[cfg(feature = "exchange")]
pub(crate) mod patience;
#[cfg(feature = "server")]
mod refuse;
#[cfg(feature = "server")]
mod switch;
#[cfg(feature = "exchange")]
pub mod timeouts;
#[cfg(feature = "server")]
mod timer;
#[cfg(feature = "exchange")]
pub(crate) mod trace;
#[cfg(feature = "server")]
mod wait;
