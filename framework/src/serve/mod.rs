//! Where the wings meet: an app on a socket, a generated client over an app or a socket, and the runtime for both.

#[cfg(feature = "server")]
mod bound;
#[cfg(feature = "net")]
mod runtime;
mod transport;

#[cfg(feature = "server")]
pub use bound::Bound;
#[cfg(feature = "net")]
pub use runtime::{main, test};
#[cfg(feature = "client")]
pub use transport::http;
pub use transport::{Transport, local};
