//! Workers: threads that each own a runtime, a listener and the connections it accepts.
//!
//! Nothing is shared between them but the service, so no connection ever changes its thread, and no buffer
//! its pool.

use std::io;
use std::net::SocketAddr;
use std::num::NonZeroUsize;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use tokio::runtime::Builder;
use tokio::sync::{oneshot, watch};

#[cfg(feature = "tls")]
use super::cover;
use super::listener::Listener;
use super::peers::Peers;
use super::{Address, BindError, Config, Server, address, bind, until_second_signal};
use crate::service::Service;
#[cfg(feature = "tls")]
use crate::tls::ServerTls;

/// A server on threads of its own.
///
/// ```
/// use counterpart::server::Workers;
/// use counterpart::service::from_fn;
/// use counterpart::{Response, http::StatusCode};
///
/// #[counterpart::main]
/// async fn main() -> counterpart::Result<()> {
///     let hello = from_fn(async |_request| Ok(Response::new(StatusCode::OK).with_body("hello")));
///     let workers = Workers::bind("127.0.0.1:0").await?;
///     println!("listening on http://{}", workers.local_addr());
///     # let stop = async {};
///     # return Ok(workers.serve_until(hello, stop).await?);
///     Ok(workers.serve(hello).await?)
/// }
/// ```
#[derive(Debug)]
#[must_use = "workers do nothing until they serve"]
pub struct Workers {
    listeners: Vec<Listener>,
    count: NonZeroUsize,
    config: Config,
}

impl Workers {
    /// Listens on an address, for as many workers as the machine runs at a time.
    ///
    /// # Errors
    /// As [`Server::bind`].
    pub async fn bind(address: impl ToString) -> Result<Self, BindError> {
        let listeners = bind::listen_shared(address.to_string()).await?;
        let count = thread::available_parallelism().unwrap_or(NonZeroUsize::MIN);
        Ok(Self { listeners, count, config: Config::default() })
    }

    /// Listens on one address more, as [`Server::and_bind`].
    ///
    /// # Errors
    /// As [`bind`](Self::bind).
    pub async fn and_bind(mut self, address: impl ToString) -> Result<Self, BindError> {
        self.listeners.append(&mut bind::listen_shared(address.to_string()).await?);
        Ok(self)
    }

    /// By TLS at all addresses so far, as [`Server::with_tls`].
    #[cfg(feature = "tls")]
    pub fn with_tls(mut self, tls: &ServerTls) -> Self {
        self.listeners = cover::all(self.listeners, tls);
        self
    }

    /// With so many workers.
    pub const fn with_count(mut self, count: NonZeroUsize) -> Self {
        self.count = count;
        self
    }

    /// With these bounds, for all of them together.
    pub fn with_config(mut self, config: Config) -> Self {
        self.config = config;
        self
    }

    /// The first address of TCP that they listen on, with the port that was given.
    ///
    /// # Panics
    /// As [`Server::local_addr`].
    #[must_use]
    pub fn local_addr(&self) -> SocketAddr {
        address::first_of_tcp(self.addresses())
    }

    /// All addresses that they listen on.
    pub fn addresses(&self) -> impl Iterator<Item = &Address> {
        self.listeners.iter().map(|listener| &listener.address)
    }

    /// Serves until Ctrl-C or SIGTERM, as [`Server::serve`] does, on each worker.
    ///
    /// # Errors
    /// At a second signal; if the operating system gives no thread, no poll or no listener more.
    pub async fn serve<S: Service>(self, service: S) -> io::Result<()> {
        until_second_signal(|signalled| self.serve_until(service, signalled)).await
    }

    /// Serves until `shutdown` is ready, as [`Server::serve_until`] does, on each worker.
    ///
    /// # Errors
    /// If the operating system gives no thread, no poll or no listener more.
    pub async fn serve_until<S: Service>(
        self,
        service: S,
        shutdown: impl Future<Output = ()> + Send,
    ) -> io::Result<()> {
        let (service, peers) = (Arc::new(service), self.config.per_peer.map(Peers::new));
        let mut config = self.config;
        config.connections = config.connections.div_ceil(self.count.get());
        let mut sets = vec![self.listeners];
        for _ in 1..self.count.get() {
            sets.push(sets[0].iter().map(Listener::another).collect::<io::Result<_>>()?);
        }
        let (stop, stopped) = watch::channel(());
        let mut ends = Vec::with_capacity(sets.len());
        for (number, listeners) in sets.into_iter().enumerate() {
            let server = Server { listeners, config: config.clone(), peers: peers.clone() };
            let worker = Worker { server, stopped: stopped.clone() };
            ends.push(worker.start(number, service.clone())?);
        }
        drop(stopped);
        shutdown.await;
        drop(stop);
        let end = config.notice.saturating_add(config.shutdown).saturating_add(LATE);
        tokio::time::timeout(end, all(ends)).await.unwrap_or_else(|_| {
            // A handler that blocks its thread stops the clock of its worker too.
            tracing::warn!(target: "counterpart", "shutdown: a worker is blocked, and was left");
            Ok(())
        })
    }
}

async fn all(ends: Vec<oneshot::Receiver<io::Result<()>>>) -> io::Result<()> {
    for end in ends {
        end.await.unwrap_or_else(|_| Err(io::Error::other("a worker panicked")))?;
    }
    Ok(())
}

/// One worker before it works.
struct Worker {
    server: Server,
    /// Ends with its sender.
    stopped: watch::Receiver<()>,
}

impl Worker {
    /// Starts the thread; the receiver hears how it ended.
    fn start<S: Service>(
        self,
        number: usize,
        service: Arc<S>,
    ) -> io::Result<oneshot::Receiver<io::Result<()>>> {
        let (tell, end) = oneshot::channel();
        let work = move || {
            // Whoever waits may have been dropped; then nobody is told.
            let _ = tell.send(self.work(service));
        };
        thread::Builder::new().name(format!("counterpart-{number}")).spawn(work)?;
        Ok(end)
    }

    fn work<S: Service>(mut self, service: Arc<S>) -> io::Result<()> {
        let runtime = Builder::new_current_thread().enable_all().build()?;
        runtime.block_on(async move {
            let stop = async move { while self.stopped.changed().await.is_ok() {} };
            self.server.serve_until(service, stop).await
        })
    }
}

/// How much later than its deadline a worker may end.
const LATE: Duration = Duration::from_secs(1);
