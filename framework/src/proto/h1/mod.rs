//! HTTP/1.1 (RFC 9112) as a machine that never touches a socket.
//!
//! Here: what bytes mean, in which order parties may speak, and how our messages are written. Bytes
//! go in through [`Conn::input`], [`Event`]s come out of [`Conn::next_event`]; our own messages are
//! appended to a buffer that the caller writes wherever it likes. One machine serves both roles.
//! Not here: sockets, clocks, tasks (see `drive`), and what a request is answered with (`service`).
//! Read in this order: `event`, `role`, `state`, `framing`, `conn`, `send`, `answer`; then `head` and `known`, `scan`, `target`,
//! `judge`, `chunk`, `trailer`, `body`, `write`, `buffer`, `limits`, `lenience`, `error` as needed.

mod answer;
mod body;
mod buffer;
mod chunk;
mod conn;
mod error;
mod event;
mod framing;
mod head;
mod judge;
mod known;
mod lenience;
mod limits;
mod role;
mod scan;
mod send;
mod state;
mod target;
mod trailer;
mod write;

pub use answer::DateLine;
pub use conn::Conn;
pub use error::{Blame, ErrorKind, ProtocolError};
pub use event::Event;
pub use framing::{Framing, Length};
pub use known::Expectation;
pub use lenience::Lenience;
pub use limits::Limits;
pub use role::{Client, Role, Server, Side};
pub use state::{Party, State, Step, step};
