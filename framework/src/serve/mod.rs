//! Where the wings meet: an app on a socket, a generated client over sockets, and the runtime for both.

#[cfg(feature = "server")]
mod bound;
#[cfg(feature = "client")]
mod remote;
mod runtime;

#[cfg(feature = "server")]
pub use bound::Bound;
#[cfg(feature = "client")]
pub use remote::http;
pub use runtime::{main, test};
