//! TLS, by rustls: who we are, whom we trust, and a wire that speaks it over any other.
//!
//! ```no_run
//! use counterpart::prelude::*;
//! use counterpart::tls::ServerTls;
//!
//! #[get("/")]
//! async fn index() -> &'static str {
//!     "for nobody else to read"
//! }
//!
//! api!(Site: index);
//!
//! #[counterpart::main]
//! async fn main() -> counterpart::Result<()> {
//!     let tls = ServerTls::pem_files("cert.pem", "key.pem")?;
//!     App::new().mount(Site).bind("0.0.0.0:443").await?.with_tls(&tls).serve().await
//! }
//! ```
//!
//! Versions are 1.2 and 1.3, the ciphers rustls' own choice of them, the arithmetic `ring`'s, whatever else the program
//! uses rustls with. The protocol inside is `http/1.1`. There is no early data (0-RTT), which could be sent again by
//! whoever saw it, no renegotiation and no compression.
//!
//! Here: [`ServerTls`], [`ClientTls`], [`Identity`], [`ClientCertificates`], and the wire, [`Tls`].
//! Not here: who asks for a connection, and how long for (`server`, `client`).
//! Read in this order: `wire`, `problem`, `identity`, `server`, `certificates`, `names`, `client`, `verify`.

mod certificates;
#[cfg(feature = "exchange")]
mod client;
mod identity;
#[cfg(feature = "exchange")]
mod names;
mod problem;
mod server;
#[cfg(feature = "exchange")]
mod verify;
mod wire;

use std::fmt;
use std::sync::{Arc, LazyLock};

use rustls::SupportedProtocolVersion;
use rustls::crypto::CryptoProvider;

pub use crate::service::TlsProblem;
pub use crate::wire::{TlsInfo, TlsVersion};
pub use certificates::ClientCertificates;
#[cfg(feature = "exchange")]
pub use client::ClientTls;
pub use identity::Identity;
pub use server::ServerTls;
pub use wire::Tls;

/// A certificate, a key or a root that cannot be used, and what to do about it.
#[derive(Debug)]
pub struct TlsError(String);

impl TlsError {
    fn new(said: impl Into<String>) -> Self {
        Self(said.into())
    }
}

impl fmt::Display for TlsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for TlsError {}

/// The arithmetic, named and not the process's default: a program may have another one, or none.
fn provider() -> &'static Arc<CryptoProvider> {
    static PROVIDER: LazyLock<Arc<CryptoProvider>> =
        LazyLock::new(|| Arc::new(rustls::crypto::ring::default_provider()));
    &PROVIDER
}

/// What is spoken inside (RFC 7301).
const PROTOCOL: &[u8] = b"http/1.1";
/// What a client may offer that speaks nothing later, as `curl --http1.0` does.
const OLDER: &[u8] = b"http/1.0";

impl TlsVersion {
    /// The versions from this one on.
    fn and_later(self) -> &'static [&'static SupportedProtocolVersion] {
        static LAST: [&SupportedProtocolVersion; 1] = [&rustls::version::TLS13];
        match self {
            Self::V1_2 => rustls::ALL_VERSIONS,
            Self::V1_3 => &LAST,
        }
    }
}
