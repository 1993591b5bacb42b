//! The integration tests, as one binary: one module a wing or a machine.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod app;
mod client;
mod connection;
mod engine;
#[cfg(unix)]
mod files;
#[cfg(unix)]
mod listeners;
mod server;
mod tls;
