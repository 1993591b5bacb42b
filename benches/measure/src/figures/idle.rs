//! `idle`: what a server holds for a connection that waits for its next request.

use std::io::{Read, Write};
use std::net::SocketAddr;
use std::time::Duration;

use anyhow::{Context, Result};

use super::counting::lockstep::{connect, hear};
use super::counting::once;
use super::endpoints::Endpoint;
use super::tls::Identity;
use crate::Run;
use crate::peers::{Launch, Peer, Server};
use crate::sample::Sample;
use crate::turns::{Case, Reading, Value, turns};

/// By what the connections are.
#[derive(Clone, Copy, Debug, PartialEq)]
enum By {
    Http,
    Tls,
}

/// Anonymous memory for each of 10,000 connections, and of 1,000 by TLS, that were all used once.
///
/// # Errors
///
/// If no certificate can be made; a server that cannot is left out.
pub fn idle(run: &Run) -> Result<Vec<Sample>> {
    let identity = Identity::new()?;
    let measure = |peer: &Peer, by: &By| {
        let values = vec![Value::new("idle", by.bytes(run, peer, &identity)?, "bytes")];
        Ok(Reading { values, disturbance: None })
    };
    Ok(turns(&once(run), &run.servers, &[By::Http, By::Tls], measure))
}

impl By {
    #[expect(clippy::cast_precision_loss, reason = "memory is less than 2^52 bytes")]
    fn bytes(self, run: &Run, peer: &Peer, identity: &Identity) -> Result<f64> {
        let (certificate, key) = (identity.certificate(), identity.key());
        let flags: &[&str] = match self {
            Self::Http => &[],
            Self::Tls => &["--tls-cert", &certificate, "--tls-key", &key],
        };
        let cpus = [run.server_cpu];
        let server = Server::start(&Launch { peer, under: &[], flags, cpus: &cpus })?;
        // What the first ones cost is the server's, not theirs.
        let mut held = self.open(&server, identity, FIRST)?;
        let before = settled(&server)?;
        held.extend(self.open(&server, identity, self.connections())?);
        let grown = settled(&server)?.saturating_sub(before);
        drop(held);
        server.stop()?;
        Ok(grown as f64 / self.connections() as f64)
    }

    const fn connections(self) -> usize {
        match self {
            Self::Http => 10_000,
            Self::Tls => 1_000,
        }
    }

    /// Opens so many, and asks once on each.
    fn open(self, server: &Server, identity: &Identity, many: usize) -> Result<Vec<Box<dyn Wire>>> {
        let request = Endpoint::Json.request();
        let one = |at| {
            let mut wire =
                self.wire(server.address, identity).with_context(|| format!("connection {at}"))?;
            wire.write_all(&request)?;
            wire.flush()?;
            hear(&mut wire, 200)?;
            Ok(wire)
        };
        (0..many).map(one).collect()
    }

    fn wire(self, address: SocketAddr, identity: &Identity) -> Result<Box<dyn Wire>> {
        let socket = connect(address)?;
        Ok(match self {
            Self::Http => Box::new(socket),
            Self::Tls => Box::new(identity.trust.over(socket)?),
        })
    }
}

impl Case for By {
    fn name(&self) -> String {
        format!("{self:?}").to_lowercase()
    }
}

/// A stream of bytes.
trait Wire: Read + Write {}

impl<T: Read + Write> Wire for T {}

/// What it holds, once it has had the time to give back what it does not need.
fn settled(server: &Server) -> Result<u64> {
    std::thread::sleep(Duration::from_secs(1));
    Ok(server.process().memory()?.anonymous)
}

/// Connections that are there before it is measured.
const FIRST: usize = 100;
