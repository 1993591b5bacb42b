//! Wires: what bytes travel over.
//!
//! Here: TCP, Unix sockets and a pipe in memory, each a [`Wire`](crate::wire::Wire), and a wire after HTTP as a
//! stream of `tokio`'s.
//! Not here: what the bytes mean (`proto`), who reads and writes them (`drive`), how connections come
//! about (`server`, `client`).
//! Read in this order: `stream`, `tcp`, `unix`, `sendfile`, `memory`, `any`, `upgraded`, `buffered`.

mod any;
#[cfg(feature = "client")]
pub(crate) mod buffered;
mod memory;
#[cfg(all(target_os = "linux", feature = "files"))]
mod sendfile;
mod stream;
mod tcp;
#[cfg(unix)]
mod unix;
mod upgraded;

pub use any::AnyWire;
pub use memory::{Memory, pair};
pub use tcp::Tcp;
#[cfg(unix)]
pub use unix::Unix;
