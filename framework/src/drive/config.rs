//! What a server allows its peers: sizes, times, numbers.

use std::time::Duration;

use crate::proto::h1::Limits;

/// The bounds of a server. Each has a default that honest traffic does not meet, and can be set.
///
/// ```
/// use std::time::Duration;
/// use counterpart::server::Config;
///
/// let mut config = Config::default();
/// config.idle = Duration::from_secs(20);
/// ```
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Config {
    /// Bounds on heads, chunks and trailers. The body is not bounded here: whoever reads it gives a bound
    /// with [`Body::collect`](crate::body::Body::collect), and an app each route's own.
    pub limits: Limits,
    /// From the connection to its first byte. Default 10 s.
    pub first_byte: Duration,
    /// From the first byte of a head to its last, however steadily they come (408). Default 10 s.
    pub head: Duration,
    /// Between an answer and the next request. Default 75 s: more than the 60 s of common proxies, so that it
    /// is they who close.
    pub idle: Duration,
    /// Between two pieces of a body that is waited for. Default 20 s.
    pub body_stall: Duration,
    /// Bytes of a body that must come in each second of waiting, on the average. Default 240: less is not a
    /// slow line but one that is held.
    pub body_rate: u64,
    /// How long may be waited for a body before its rate counts. Default 5 s.
    pub body_grace: Duration,
    /// In which the peer takes 64 KiB of an answer. Default 30 s.
    pub write_stall: Duration,
    /// Bytes of an unread body that are read and dropped so that the connection can be kept or the peer can
    /// read its answer. Default 256 KiB.
    pub drain: u64,
    /// How long that may take. Default 2 s.
    pub drain_time: Duration,
    /// How old a connection becomes; the next answer then says that it is the last. Default 1 h, so that
    /// peers look where else they may go.
    pub age: Duration,
    /// Connections at a time. Default 10,000. One more takes the place of the one that has been idle for
    /// longest; if none is idle it is answered with 503.
    pub connections: usize,
    /// Connections of one address of IP at a time, or of one network of 64 bits of IPv6. Default none: behind a proxy
    /// all are of one. One more is answered with 429.
    pub per_peer: Option<usize>,
    /// Requests answered before the answers are written. Default 16.
    pub pipeline: u8,
    /// How long connections are still taken after the server was told to stop, while its app says that it drains:
    /// the time a load balancer needs to notice. Default 0.
    pub notice: Duration,
    /// How long requests in flight may take after that. Default 30 s.
    pub shutdown: Duration,
}

impl Default for Config {
    fn default() -> Self {
        let mut limits = Limits::server();
        limits.body = u64::MAX;
        Self {
            limits,
            first_byte: Duration::from_secs(10),
            head: Duration::from_secs(10),
            idle: Duration::from_secs(75),
            body_stall: Duration::from_secs(20),
            body_rate: 240,
            body_grace: Duration::from_secs(5),
            write_stall: Duration::from_secs(30),
            drain: 256 * 1024,
            drain_time: Duration::from_secs(2),
            age: Duration::from_secs(3600),
            connections: 10_000,
            per_peer: None,
            pipeline: 16,
            notice: Duration::ZERO,
            shutdown: Duration::from_secs(30),
        }
    }
}
