//! The integration tests, as one binary: one module a wing or a machine.

mod app;
mod engine;
mod server;
