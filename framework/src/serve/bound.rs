//! An app on a socket.

use std::fmt;
use std::net::SocketAddr;
use std::sync::Arc;

use crate::app::{App, AppService, Lifecycle, Routes, ShutdownHook};
use crate::error::Result;
use crate::serve::runtime::main;
use crate::server::{Address, Config, Server, Workers, until_second_signal};
#[cfg(feature = "tls")]
use crate::tls::ServerTls;

/// An app that listens, and serves once it is told to.
///
/// ```
/// use counterpart::prelude::*;
///
/// #[get("/hello")]
/// async fn hello() -> &'static str {
///     "hello"
/// }
///
/// api!(Hello: hello);
///
/// #[counterpart::main]
/// async fn main() -> counterpart::Result<()> {
///     let bound = App::new().mount(Hello).bind("127.0.0.1:0").await?;
///     let client = HelloClient::http(&bound.url())?;
///     bound
///         .serve_until(async move { assert_eq!(client.hello().await.unwrap(), "hello") })
///         .await
/// }
/// ```
#[must_use = "an app does nothing until it serves"]
pub struct Bound {
    server: Server,
    app: AppService,
    routes: Routes,
    lifecycle: Arc<Lifecycle>,
    config: Config,
    at_shutdown: Vec<ShutdownHook>,
}

impl App {
    /// Listens on an address, such as `127.0.0.1:8080` or `unix:/run/app.sock`; the module
    /// [`server`](crate::server) has all the forms.
    ///
    /// # Errors
    /// If the app cannot start, with every reason; if the address cannot be listened on, with what to do.
    pub async fn bind(mut self, address: impl ToString) -> Result<Bound> {
        let routes = self.routes();
        let lifecycle = self.lifecycle();
        let at_shutdown = std::mem::take(&mut self.at_shutdown);
        let app = self.assemble()?;
        let server = Server::bind(address).await?;
        let config = Config::default();
        Ok(Bound { server, app, routes, lifecycle, config, at_shutdown })
    }

    /// Serves on the runtime of the caller, until Ctrl-C or SIGTERM; then finishes what is in flight, for 30
    /// seconds at most.
    ///
    /// # Errors
    /// As [`bind`](Self::bind).
    pub async fn serve(self, address: impl ToString) -> Result<()> {
        self.bind(address).await?.serve().await
    }

    /// Serves on worker threads of its own, one for each core, until Ctrl-C or SIGTERM; then finishes what is in
    /// flight, for 30 seconds at most.
    ///
    /// Each worker owns the connections that it accepts, so that none of them changes its thread. It logs on stderr,
    /// as `#[counterpart::main]` does, and blocks: it is a plain `main`'s last line.
    ///
    /// ```no_run
    /// # use counterpart::prelude::*;
    /// # #[get("/")] async fn hello() {}
    /// # api!(Hello: hello);
    /// fn main() -> counterpart::Result<()> {
    ///     App::new().mount(Hello).run("127.0.0.1:8080")
    /// }
    /// ```
    ///
    /// # Errors
    /// As [`bind`](Self::bind).
    ///
    /// # Panics
    /// On a runtime: there, [`serve`](Self::serve) is meant.
    pub fn run(self, address: impl ToString) -> Result<()> {
        self.run_with(Config::default(), address)
    }

    /// The same with other bounds on what peers may do.
    ///
    /// # Errors
    /// As [`bind`](Self::bind).
    ///
    /// # Panics
    /// As [`run`](Self::run).
    pub fn run_with(self, config: Config, address: impl ToString) -> Result<()> {
        self.run_on(address, |workers| workers.with_config(config))
    }

    /// The same by TLS.
    ///
    /// # Errors
    /// As [`bind`](Self::bind).
    ///
    /// # Panics
    /// As [`run`](Self::run).
    #[cfg(feature = "tls")]
    pub fn run_with_tls(
        self,
        config: Config,
        tls: &ServerTls,
        address: impl ToString,
    ) -> Result<()> {
        self.run_on(address, |workers| workers.with_config(config).with_tls(tls))
    }

    fn run_on(
        mut self,
        address: impl ToString,
        with: impl FnOnce(Workers) -> Workers,
    ) -> Result<()> {
        main(async move {
            let lifecycle = self.lifecycle();
            let at_shutdown = std::mem::take(&mut self.at_shutdown);
            let app = self.assemble()?;
            let workers = with(Workers::bind(address).await?);
            announce(workers.addresses());
            until_second_signal(|signalled| async move {
                let shutdown = async {
                    signalled.await;
                    drain(&lifecycle);
                };
                workers.serve_until(app, shutdown).await?;
                run_hooks(at_shutdown).await;
                Ok(())
            })
            .await
        })
    }
}

fn announce<'a>(addresses: impl Iterator<Item = &'a Address>) {
    for address in addresses {
        tracing::info!(target: "counterpart", "listening on {address}");
    }
}

/// Says that the app drains.
fn drain(lifecycle: &Lifecycle) {
    lifecycle.drain();
    tracing::info!(target: "counterpart", "stopping: finishing what is in flight; again to stop at once");
}

async fn run_hooks(hooks: Vec<ShutdownHook>) {
    for hook in hooks {
        hook().await;
    }
}

impl Bound {
    /// Listens on one address more.
    ///
    /// # Errors
    /// If it cannot be listened on, with what to do.
    pub async fn and_bind(mut self, address: impl ToString) -> Result<Self> {
        self.server = self.server.and_bind(address).await?;
        Ok(self)
    }

    /// The first address of TCP, with the port that was given.
    ///
    /// # Panics
    /// As [`Server::local_addr`].
    #[must_use]
    pub fn addr(&self) -> SocketAddr {
        self.server.local_addr()
    }

    /// All addresses that it listens on.
    pub fn addresses(&self) -> impl Iterator<Item = &Address> {
        self.server.addresses()
    }

    /// The first address as a URL: `http://127.0.0.1:8080`, `https://127.0.0.1:8443` by TLS, or `unix:/run/app.sock`.
    #[must_use]
    pub fn url(&self) -> String {
        self.addresses().next().map(Address::to_string).unwrap_or_default()
    }

    /// By TLS at all addresses that it listens on so far, as [`Server::with_tls`].
    ///
    /// ```no_run
    /// # use counterpart::prelude::*;
    /// # use counterpart::tls::ServerTls;
    /// # async fn serve(app: App) -> counterpart::Result<()> {
    /// let tls = ServerTls::pem_files("cert.pem", "key.pem")?;
    /// app.bind("[::]:443").await?.with_tls(&tls).serve().await
    /// # }
    /// ```
    #[cfg(feature = "tls")]
    pub fn with_tls(mut self, tls: &ServerTls) -> Self {
        self.server = self.server.with_tls(tls);
        self
    }

    /// With these bounds on what peers may do.
    pub fn with_config(mut self, config: Config) -> Self {
        self.config = config;
        self
    }

    /// Serves until Ctrl-C or SIGTERM; then finishes what is in flight, for as long as the config allows. A second
    /// signal ends it at once.
    ///
    /// # Errors
    /// If the listener fails.
    pub async fn serve(self) -> Result<()> {
        until_second_signal(|signalled| self.serve_until(signalled)).await
    }

    /// Serves until `shutdown` is ready; then finishes what is in flight, for as long as the config allows.
    ///
    /// # Errors
    /// If the listener fails.
    pub async fn serve_until(self, shutdown: impl Future<Output = ()>) -> Result<()> {
        announce(self.addresses());
        for route in self.routes.iter() {
            tracing::debug!(target: "counterpart", "{} {} is {}", route.method, route.path, route.name);
        }
        let shutdown = async {
            shutdown.await;
            drain(&self.lifecycle);
        };
        self.server.with_config(self.config).serve_until(self.app, shutdown).await?;
        run_hooks(self.at_shutdown).await;
        Ok(())
    }
}

impl fmt::Debug for Bound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Bound").field("url", &self.url()).finish_non_exhaustive()
    }
}
