//! The server: sockets in, any [`Service`] behind them.
//!
//! An address is in words wherever one is taken, by [`Server::bind`], by [`Workers::bind`] and by an app:
//!
//! | words | listens |
//! |---|---|
//! | `127.0.0.1:8080` | there; port 0 takes a free one |
//! | `localhost:8080` | at every address of the name that this machine has |
//! | `[::]:8080` | at all addresses of the machine, those of IPv4 too |
//! | `unix:/run/app.sock` | at a Unix socket, for other programs of this machine |
//! | `inherited` | at all sockets that systemd, or whoever started the program, has passed to it |
//!
//! Behind a `?` it takes options, several with `&`:
//!
//! | option | means |
//! |---|---|
//! | `?only-v6` | `[::]:8080` without IPv4 |
//! | `?shared` | another process may listen at the same port (`SO_REUSEPORT`), and the operating system parts the connections: so a new version starts before the old one stops. Linux only |
//! | `?mode=666` | who may connect to a Unix socket; 660 by default: owner and group |
//!
//! The file of a Unix socket goes when serving ends. One that was left behind by a server that was killed is
//! replaced; one that somebody listens on is an error.
//!
//! Here: listening, accepting, stopping, the [`access`] log. Not here: one connection (`drive`), what is answered
//! (`service`).
//! Read in this order: `address`, `bind`, `listener`, this file, `cover`, `door`, `accept`, `workers`, `signal`.

mod accept;
pub mod access;
mod address;
mod bind;
mod cover;
mod door;
mod listener;
mod peers;
mod signal;
mod spare;
#[cfg(unix)]
mod unix;
mod workers;

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use crate::drive::h1_server::House;
use crate::service::Service;
#[cfg(feature = "tls")]
use crate::tls::ServerTls;
use accept::Acceptor;
use door::Door;
use listener::Listener;
use peers::Peers;

pub(crate) use signal::until_second_signal;

pub use crate::drive::config::Config;
pub use address::Address;
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
    listeners: Vec<Listener>,
    config: Config,
    /// Where several servers count the connections of a peer together.
    peers: Option<Arc<Peers>>,
}

impl Server {
    /// Listens on an address, such as `127.0.0.1:8080` or `unix:/run/app.sock`; the [module](self) has all the forms.
    ///
    /// # Errors
    /// If it cannot be listened on, with what to do about it.
    pub async fn bind(address: impl ToString) -> Result<Self, BindError> {
        Ok(Self::at(bind::listen(address.to_string()).await?))
    }

    /// Listens on one address more.
    ///
    /// ```no_run
    /// # use counterpart::server::Server;
    /// # #[counterpart::main]
    /// # async fn main() -> counterpart::Result<()> {
    /// let server = Server::bind("127.0.0.1:8080").await?.and_bind("unix:/run/app.sock").await?;
    /// for address in server.addresses() {
    ///     println!("listening on {address}");
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`bind`](Self::bind).
    pub async fn and_bind(mut self, address: impl ToString) -> Result<Self, BindError> {
        self.listeners.append(&mut bind::listen(address.to_string()).await?);
        Ok(self)
    }

    /// Serves from a listener that something else made.
    ///
    /// # Errors
    /// If the socket does not listen.
    pub fn of(listener: std::net::TcpListener) -> io::Result<Self> {
        Ok(Self::at(vec![Listener::made(listener)?]))
    }

    fn at(listeners: Vec<Listener>) -> Self {
        Self { listeners, config: Config::default(), peers: None }
    }

    /// By TLS at all addresses that it listens on so far; those that follow are in the clear, unless this is said again.
    ///
    /// ```no_run
    /// # use counterpart::server::Server;
    /// # use counterpart::tls::ServerTls;
    /// # async fn bind() -> counterpart::Result<()> {
    /// let tls = ServerTls::pem_files("cert.pem", "key.pem")?;
    /// let server = Server::bind("[::]:443").await?.with_tls(&tls).and_bind("127.0.0.1:8080").await?;
    /// # Ok(())
    /// # }
    /// ```
    #[cfg(feature = "tls")]
    pub fn with_tls(mut self, tls: &ServerTls) -> Self {
        self.listeners = cover::all(self.listeners, tls);
        self
    }

    /// With these bounds.
    pub fn with_config(mut self, config: Config) -> Self {
        self.config = config;
        self
    }

    /// The first address of TCP that it listens on, with the port it was given.
    ///
    /// # Panics
    /// If it listens on Unix sockets alone, which have no such address; [`addresses`](Self::addresses) has all.
    #[must_use]
    pub fn local_addr(&self) -> SocketAddr {
        address::first_of_tcp(self.addresses())
    }

    /// All addresses that it listens on.
    pub fn addresses(&self) -> impl Iterator<Item = &Address> {
        self.listeners.iter().map(|listener| &listener.address)
    }

    /// Serves until Ctrl-C or SIGTERM; then finishes what is in flight, for as long as the config allows. A second
    /// signal ends it at once.
    ///
    /// # Errors
    /// At a second signal, or if the runtime takes no listener. What fails otherwise is one connection, and is logged.
    pub async fn serve<S: Service>(self, service: S) -> io::Result<()> {
        until_second_signal(|signalled| self.serve_until(service, signalled)).await
    }

    /// Serves until `shutdown` is ready, and as long after that as `Config::notice` says; then takes no more
    /// connections, lets requests in flight end, and returns when all have, or at the deadline that the config sets.
    ///
    /// # Errors
    /// If the runtime takes no listener. What fails otherwise is one connection, and is logged.
    pub async fn serve_until<S: Service>(
        self,
        service: S,
        shutdown: impl Future<Output = ()>,
    ) -> io::Result<()> {
        let house = House::new(self.config);
        let peers = self.peers.or_else(|| house.config().per_peer.map(Peers::new));
        let doors = self.listeners.into_iter().map(Door::of).collect::<io::Result<_>>()?;
        let mut acceptor = Acceptor::new(doors, Arc::new(service), house.clone(), peers);
        signal::either(told(shutdown, house.config().notice), acceptor.run()).await;
        acceptor.close();
        let all = std::future::poll_fn(|cx| house.crowd.poll_fewer(1, cx));
        if tokio::time::timeout(house.config().shutdown, all).await.is_err() {
            let left = house.crowd.count();
            tracing::warn!(target: "counterpart", "shutdown: {left} connections were cut");
            house.crowd.cut();
        }
        Ok(())
    }
}

/// Ready once the server was told to stop, and others had the time to notice.
async fn told(shutdown: impl Future<Output = ()>, notice: Duration) {
    shutdown.await;
    if !notice.is_zero() {
        tokio::time::sleep(notice).await;
    }
}
