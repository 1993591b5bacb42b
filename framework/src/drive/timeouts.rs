//! Timeouts: how long a client waits for its peer, phase by phase.

use std::time::Duration;

use crate::service::Phase;

/// How long a client waits for each thing it may have to wait for. A [`Deadline`](crate::service::Deadline)
/// bounds a whole call besides, whatever it waits for.
///
/// None of them runs while the client waits for its own side: for a body that a program writes slowly, or for a
/// program that does not read an answer. A duration too long to be counted, such as [`Duration::MAX`], is never.
///
/// ```
/// use std::time::Duration;
/// use counterpart::client::{Client, Timeouts};
///
/// # fn main() -> Result<(), counterpart::Fault> {
/// let mut timeouts = Timeouts::default();
/// timeouts.head = Duration::from_secs(5);
/// let client = Client::new("http://127.0.0.1:8080")?.with_timeouts(timeouts);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Timeouts {
    /// Until it is a call's turn, where the connections to a server are [counted](crate::client::Pooling::per_origin).
    /// Default 30 s.
    pub pool: Duration,
    /// Until the addresses of the name are known. Default 10 s.
    pub resolve: Duration,
    /// Until one of the addresses has taken the connection, and once more until a proxy has made a tunnel. Default
    /// 10 s.
    pub connect: Duration,
    /// From there to the end of the handshake of TLS, if there is one, however steadily it goes on. Default 10 s.
    pub tls: Duration,
    /// Between two pieces of the request that the peer takes. Default 30 s.
    pub send: Duration,
    /// Until the go-ahead for content that a request announces with `Expect: 100-continue`. Default 1 s; then the
    /// content is sent all the same, as many servers know of no such thing (RFC 9110 §10.1.1).
    pub expect: Duration,
    /// From the end of the request to the end of the answer's head, however steadily it comes. Default 60 s.
    pub head: Duration,
    /// Between two pieces of the answer's body that is waited for. Default 30 s.
    pub body: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self {
            pool: Duration::from_secs(30),
            resolve: Duration::from_secs(10),
            connect: Duration::from_secs(10),
            tls: Duration::from_secs(10),
            send: Duration::from_secs(30),
            expect: Duration::from_secs(1),
            head: Duration::from_secs(60),
            body: Duration::from_secs(30),
        }
    }
}

impl Timeouts {
    pub(super) const fn of(&self, phase: Phase) -> Duration {
        match phase {
            Phase::Pool => self.pool,
            Phase::Resolve => self.resolve,
            Phase::Connect => self.connect,
            Phase::Tls => self.tls,
            Phase::Send => self.send,
            Phase::Expect => self.expect,
            Phase::Head => self.head,
            Phase::Body => self.body,
            Phase::Total => Duration::MAX,
        }
    }
}
