//! What a server allows its peers: sizes, times, numbers.

use std::sync::Arc;
use std::time::Duration;

use http::HeaderValue;

use super::access::AccessLog;
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
    /// Bounds on heads, chunks, trailers and bodies. A body of more than 2 MiB is refused before the service is called
    /// where its head tells (413), and breaks off where it does not. An app bounds the bodies of each route on its own,
    /// and [`Limits::body`] does not hold for it.
    pub limits: Limits,
    /// From the connection to the end of the handshake, where it is by TLS, however steadily the bytes come. Default 5 s.
    pub handshake: Duration,
    /// From the connection, or the end of its handshake, to the first byte of a request. Default 10 s.
    pub first_byte: Duration,
    /// From the first byte of a head to its last, however steadily they come (408). Default 10 s.
    pub head: Duration,
    /// Between an answer and the next request. Default 75 s: more than the 60 s of common proxies, so that it
    /// is they who close.
    pub idle: Duration,
    /// Between two pieces of a body that is waited for (408). Default 20 s. A body that no handler asks for may stop as
    /// long as it likes.
    pub body_stall: Duration,
    /// Bytes of a body that must come in each second of waiting, on the average (408). Default 240: less is not a
    /// slow line but one that is held. It is judged as pieces come; a body of which nothing comes stalls.
    pub body_rate: u64,
    /// How long may be waited for a body before its rate counts. Default 5 s.
    pub body_grace: Duration,
    /// From the head of a request to the head of its answer (504); then the handler is dropped. Default none: what
    /// takes long may be meant to, and a peer that leaves ends it.
    pub handler: Option<Duration>,
    /// In which the peer takes 64 KiB of an answer. Default 30 s.
    pub write_stall: Duration,
    /// Bytes of an unread body that are read and dropped so that the connection can be kept. Default 256 KiB. Where it
    /// is not kept, 128 times as many (32 MiB), so that a peer that sends all before it listens can read its answer;
    /// four times (1 MiB) of one that broke a rule.
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
    /// Requests answered before the answers are written, one at least. Default 16.
    pub pipeline: u8,
    /// What the `Server` field of answers says. Default nothing: whom it would help is whoever looks for old versions.
    pub server: Option<HeaderValue>,
    /// The hosts that requests may be for, such as `example.com`, `api.example.com:8080` or `[::1]`; others are
    /// refused (421). A port matters where one is given here. Default empty, which is all: needed where something is
    /// made of `Host`, such as links or keys of a cache.
    pub hosts: Vec<String>,
    /// Who takes note of each request, of a raw service too; [`server::access`](crate::server::access) has the common
    /// forms. Default nobody: an app has its own line of `tracing`.
    pub access_log: Option<Arc<dyn AccessLog>>,
    /// How long connections are still taken after the server was told to stop, while its app says that it drains:
    /// the time a load balancer needs to notice. Default 0.
    pub notice: Duration,
    /// How long requests in flight may take after that. Default 30 s.
    pub shutdown: Duration,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            limits: Limits::server(),
            handshake: Duration::from_secs(5),
            first_byte: Duration::from_secs(10),
            head: Duration::from_secs(10),
            idle: Duration::from_secs(75),
            body_stall: Duration::from_secs(20),
            body_rate: 240,
            body_grace: Duration::from_secs(5),
            handler: None,
            write_stall: Duration::from_secs(30),
            drain: 256 * 1024,
            drain_time: Duration::from_secs(2),
            age: Duration::from_secs(3600),
            connections: 10_000,
            per_peer: None,
            pipeline: 16,
            server: None,
            hosts: Vec::new(),
            access_log: None,
            notice: Duration::ZERO,
            shutdown: Duration::from_secs(30),
        }
    }
}
