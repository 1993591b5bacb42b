//! The flags that all servers know.

use std::io::{Write, stdout};
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::process::exit;
use std::str::FromStr;

/// What the command line said.
#[derive(Debug, PartialEq, Eq)]
pub struct Flags {
    /// Where to listen; 0 for any free port.
    pub port: u16,
    /// At which address of this machine.
    pub bind: IpAddr,
    /// How many threads serve; 1 is one thread for everything.
    pub workers: usize,
    /// How many routes there are beside the endpoints.
    pub routes: usize,
    /// The files of certificate and key, where it is to be by TLS.
    pub tls: Option<(PathBuf, PathBuf)>,
}

impl Default for Flags {
    fn default() -> Self {
        Self { port: 0, bind: Ipv4Addr::LOCALHOST.into(), workers: 1, routes: 0, tls: None }
    }
}

impl Flags {
    /// Reads the command line; what is not known ends the program with words.
    pub fn read() -> Self {
        Self::parse(std::env::args().skip(1)).unwrap_or_else(|complaint| refuse(&complaint))
    }

    fn parse(mut words: impl Iterator<Item = String>) -> Result<Self, String> {
        let (mut flags, mut certificate, mut key) = (Self::default(), None, None);
        while let Some(flag) = words.next() {
            let value = words.next().ok_or_else(|| format!("`{flag}` needs a value"))?;
            match flag.as_str() {
                "--port" => flags.port = number(&flag, &value)?,
                "--bind" => flags.bind = number(&flag, &value)?,
                "--workers" => flags.workers = number(&flag, &value)?,
                "--routes" => flags.routes = number(&flag, &value)?,
                "--tls-cert" => certificate = Some(value.into()),
                "--tls-key" => key = Some(value.into()),
                _ => return Err(format!("`{flag}` is not known here; {KNOWN} are")),
            }
        }
        flags.tls = certificate.zip(key);
        Ok(flags)
    }

    /// Ends the program if routes were asked of a server that has no router.
    pub fn without_router(&self) {
        if self.routes > 0 {
            refuse("`--routes` needs a router, and this server has none");
        }
    }

    /// Ends the program if TLS was asked of a server that has none.
    pub fn without_tls(&self) {
        if self.tls.is_some() {
            refuse("`--tls-cert` and `--tls-key` need TLS, and this server is without");
        }
    }

    /// Where to listen.
    pub const fn address(&self) -> SocketAddr {
        SocketAddr::new(self.bind, self.port)
    }

    /// Says that the server listens.
    pub fn announce(&self, address: SocketAddr) {
        let scheme = if self.tls.is_some() { "https" } else { "http" };
        // Whoever started the program may not listen to it.
        let _ = writeln!(stdout(), "listening on {scheme}://{address}");
        let _ = stdout().flush();
    }

    /// The prefix of each added route, whose items are below it.
    pub fn services(&self) -> impl Iterator<Item = String> + use<> {
        (0..self.routes).map(|number| format!("/svc{number}"))
    }

    /// One thread for everything, or so many workers that share the work.
    ///
    /// # Panics
    /// If the operating system gives no thread or no poll.
    #[cfg(feature = "runtime")]
    pub fn runtime(&self) -> tokio::runtime::Runtime {
        use tokio::runtime::Builder;

        let runtime = match self.workers {
            1 => Builder::new_current_thread().enable_all().build(),
            workers => Builder::new_multi_thread().worker_threads(workers).enable_all().build(),
        };
        runtime.expect("a runtime")
    }

    /// Certificate and key, for HTTP/1.1, if they were given.
    #[cfg(feature = "tls")]
    pub fn tls_config(&self) -> Option<rustls::ServerConfig> {
        use rustls::pki_types::pem::PemObject;
        use rustls::pki_types::{CertificateDer, PrivateKeyDer};

        let (certificate, key) = self.tls.as_ref()?;
        let read = || {
            let chain = CertificateDer::pem_file_iter(certificate)?.collect::<Result<_, _>>()?;
            let key = PrivateKeyDer::from_pem_file(key)?;
            let provider = std::sync::Arc::new(rustls::crypto::ring::default_provider());
            let config = rustls::ServerConfig::builder_with_provider(provider)
                .with_safe_default_protocol_versions()?
                .with_no_client_auth();
            Ok(config.with_single_cert(chain, key)?)
        };
        let mut config = read().unwrap_or_else(|error: Box<dyn std::error::Error>| {
            refuse(&format!("certificate and key cannot be used: {error}"))
        });
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Some(config)
    }
}

fn number<T: FromStr>(flag: &str, value: &str) -> Result<T, String> {
    value.parse().map_err(|_| format!("`{value}` is nothing that `{flag}` can be"))
}

/// Ends the program, and says why.
fn refuse(complaint: &str) -> ! {
    eprintln!("{complaint}");
    exit(2)
}

const KNOWN: &str = "`--port`, `--bind`, `--workers`, `--routes`, `--tls-cert` and `--tls-key`";

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(words: &str) -> Result<Flags, String> {
        Flags::parse(words.split_whitespace().map(str::to_owned))
    }

    #[test]
    fn flags_are_read() {
        assert_eq!(parse(""), Ok(Flags::default()));
        let flags = parse("--port 80 --bind ::1 --workers 2 --routes 9 --tls-cert c --tls-key k");
        let tls = Some(("c".into(), "k".into()));
        let bind = "::1".parse().unwrap();
        assert_eq!(flags, Ok(Flags { port: 80, bind, workers: 2, routes: 9, tls }));
    }

    #[test]
    fn what_is_wrong_is_named() {
        assert!(parse("--prot 80").unwrap_err().starts_with("`--prot` is not known here"));
        assert_eq!(parse("--port").unwrap_err(), "`--port` needs a value");
        assert_eq!(parse("--port no").unwrap_err(), "`no` is nothing that `--port` can be");
    }
}
