//! Workers: threads that each own a runtime, a listener and the connections it accepts.
//!
//! Nothing is shared between them but the service, so no connection ever changes its thread, and no buffer
//! its pool.

use std::io;
use std::net::{SocketAddr, TcpListener};
use std::num::NonZeroUsize;
use std::sync::Arc;
use std::thread;

use tokio::runtime::Builder;
use tokio::sync::{oneshot, watch};

use super::{BindError, Config, Server, bind, signalled, until_second_signal};
use crate::service::Service;

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
    listener: TcpListener,
    address: SocketAddr,
    count: NonZeroUsize,
    config: Config,
}

impl Workers {
    /// Listens on an address, for as many workers as the machine runs at a time.
    ///
    /// # Errors
    /// As [`Server::bind`].
    pub async fn bind(address: impl ToString) -> Result<Self, BindError> {
        let (listener, address) = bind::listen_shared(address.to_string()).await?;
        let count = thread::available_parallelism().unwrap_or(NonZeroUsize::MIN);
        Ok(Self { listener, address, count, config: Config::default() })
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

    /// The address they listen on, with the port that was given.
    #[must_use]
    pub const fn local_addr(&self) -> SocketAddr {
        self.address
    }

    /// Serves until Ctrl-C or SIGTERM, as [`Server::serve`] does, on each worker.
    ///
    /// # Errors
    /// At a second signal; if the operating system gives no thread, no poll or no listener more.
    pub async fn serve<S: Service>(self, service: S) -> io::Result<()> {
        until_second_signal(self.serve_until(service, signalled())).await
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
        let service = Arc::new(service);
        let mut config = self.config;
        config.connections = config.connections.div_ceil(self.count.get());
        let mut listeners = vec![self.listener];
        for _ in 1..self.count.get() {
            listeners.push(another(&listeners[0], self.address)?);
        }
        let (stop, stopped) = watch::channel(());
        let mut ends = Vec::with_capacity(listeners.len());
        for (number, listener) in listeners.into_iter().enumerate() {
            let worker = Worker { listener, config: config.clone(), stopped: stopped.clone() };
            ends.push(worker.start(number, service.clone())?);
        }
        drop(stopped);
        shutdown.await;
        drop(stop);
        for end in ends {
            end.await.unwrap_or_else(|_| Err(io::Error::other("a worker panicked")))?;
        }
        Ok(())
    }
}

/// Where the operating system parts connections between listeners there is one for each worker; else they
/// take turns at the same one.
fn another(first: &TcpListener, address: SocketAddr) -> io::Result<TcpListener> {
    if cfg!(target_os = "linux") { bind::shared(address) } else { first.try_clone() }
}

/// One worker before it works.
struct Worker {
    listener: TcpListener,
    config: Config,
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
            let server = Server::of(self.listener)?.with_config(self.config);
            let stop = async move { while self.stopped.changed().await.is_ok() {} };
            server.serve_until(service, stop).await
        })
    }
}
