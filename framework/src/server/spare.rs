//! A file descriptor in reserve, for the time when there is no other.

use socket2::{Domain, Socket, Type};

/// A descriptor that is held so that it can be given up: where the process has no more of them, whoever waits to
/// be accepted would wait without end, and with it the server would ask again and again.
#[derive(Debug)]
pub(super) struct Spare(Option<Socket>);

impl Spare {
    pub(super) fn new() -> Self {
        // The cheapest descriptor that every operating system has.
        Self(Socket::new(Domain::IPV4, Type::DGRAM, None).ok())
    }

    /// Runs what needs a descriptor for a moment.
    pub(super) fn lend<T>(&mut self, needs_one: impl FnOnce() -> T) -> T {
        self.0 = None;
        let done = needs_one();
        *self = Self::new();
        done
    }
}
