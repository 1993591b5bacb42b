//! Wires: what bytes travel over.
//!
//! Here: TCP and a pipe in memory, each a [`Wire`](crate::wire::Wire).
//! Not here: what the bytes mean (`proto`), who reads and writes them (`drive`), how connections come
//! about (`server`, `client`).
//! Read in this order: `stream`, `tcp`, `memory`.

mod memory;
mod stream;
mod tcp;

pub use memory::{Memory, pair};
pub use tcp::Tcp;
