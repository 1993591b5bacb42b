//! The server: sockets in, any [`Service`] behind them.
//!
//! Here: listening, accepting, stopping. Not here: one connection (`drive`), what is answered (`service`).
//! Read in this order: `bind`, this file, `accept`, `workers`, `signal`.

mod accept;
mod bind;
mod signal;
mod workers;

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use tokio::net::TcpListener;

use crate::drive::h1_server::House;
use crate::service::Service;
use accept::Acceptor;

pub(crate) use signal::until_second_signal;

pub use crate::drive::config::Config;
pub use bind::BindError;
pub use signal::signalled;
pub use workers::Workers;

/// A server that listens, and serves once it is told what.
///
/// ```
/// use counterpart::server::Server;
/// use counterpart::service::from_fn;
/// use counterpart::{Response, http::StatusCode};
///
/// #[counterpart::main]
/// async fn main() -> counterpart::Result<()> {
///     let hello = from_fn(async |_request| Ok(Response::new(StatusCode::OK).with_body("hello")));
///     let server = Server::bind("127.0.0.1:0").await?;
///     println!("listening on http://{}", server.local_addr());
///     # let stop = async {};
///     # return Ok(server.serve_until(hello, stop).await?);
///     Ok(server.serve(hello).await?)
/// }
/// ```
#[derive(Debug)]
#[must_use = "a server does nothing until it serves"]
pub struct Server {
    listener: TcpListener,
    address: SocketAddr,
    config: Config,
}

impl Server {
    /// Listens on an address, such as `127.0.0.1:8080` or `localhost:8080`; port 0 takes a free one.
    ///
    /// # Errors
    /// If it cannot be listened on, with what to do about it.
    pub async fn bind(address: impl ToString) -> Result<Self, BindError> {
        let (listener, address) = bind::listen(address.to_string()).await?;
        Ok(Self { listener, address, config: Config::default() })
    }

    /// Serves from a listener that something else made.
    ///
    /// # Errors
    /// If the listener is none for a runtime.
    pub fn of(listener: std::net::TcpListener) -> io::Result<Self> {
        listener.set_nonblocking(true)?;
        let listener = TcpListener::from_std(listener)?;
        let address = listener.local_addr()?;
        Ok(Self { listener, address, config: Config::default() })
    }

    /// With these bounds.
    pub fn with_config(mut self, config: Config) -> Self {
        self.config = config;
        self
    }

    /// The address it listens on, with the port it was given.
    #[must_use]
    pub const fn local_addr(&self) -> SocketAddr {
        self.address
    }

    /// Serves until Ctrl-C or SIGTERM; then finishes what is in flight, for as long as the config allows. A second
    /// signal ends it at once.
    ///
    /// # Errors
    /// At a second signal. What fails otherwise is one connection, and is logged.
    pub async fn serve<S: Service>(self, service: S) -> io::Result<()> {
        until_second_signal(self.serve_until(service, signalled())).await
    }

    /// Serves until `shutdown` is ready; then takes no more connections, lets requests in flight end, and
    /// returns when all have, or at the deadline that the config sets.
    ///
    /// # Errors
    /// None at present: what fails is one connection, and is logged.
    pub async fn serve_until<S: Service>(
        self,
        service: S,
        shutdown: impl Future<Output = ()>,
    ) -> io::Result<()> {
        let house = House::new(self.config);
        let acceptor = Acceptor::new(self.listener, Arc::new(service), house.clone());
        signal::either(shutdown, acceptor.run()).await;
        house.crowd.stop();
        let all = std::future::poll_fn(|cx| house.crowd.poll_fewer(1, cx));
        if tokio::time::timeout(house.config().shutdown, all).await.is_err() {
            let left = house.crowd.count();
            tracing::warn!(target: "counterpart", "shutdown: {left} connections were cut");
            house.crowd.cut();
        }
        Ok(())
    }
}
