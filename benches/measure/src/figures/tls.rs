//! `tls`: what a handshake costs, and what a request costs after it.

use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use anyhow::Result;

use super::endpoints::Endpoint;
use super::trial::trial;
use crate::Run;
use crate::load::{Plan, Trust};
use crate::sample::Sample;
use crate::turns::{Case, Value, turns};

/// What is done by TLS.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Asked {
    /// A connection for each request, none of them resumed.
    Handshake,
    /// `GET /json` on connections that stay.
    Json,
}

/// Handshakes, and requests on 64 connections.
///
/// # Errors
///
/// If no certificate can be made; a server that cannot is left out.
pub fn tls(run: &Run) -> Result<Vec<Sample>> {
    let identity = Identity::new()?;
    let flags = ["--tls-cert", &identity.certificate(), "--tls-key", &identity.key()];
    Ok(turns(run, &run.servers, &[Asked::Handshake, Asked::Json], |peer, asked| {
        let trial = trial(run, peer, &flags, |address| asked.plan(address, &identity.trust))?;
        let rate = match asked {
            Asked::Handshake => "tls.handshakes",
            Asked::Json => "tls.requests",
        };
        Ok(trial.reading([
            Value::new("tls.cpu", trial.cpu_per_answer(), "µs/req"),
            Value::new(rate, trial.tally.per_second(), "req/s"),
        ]))
    }))
}

impl Asked {
    fn plan(self, address: SocketAddr, trust: &Trust) -> Plan {
        let answers = (self == Self::Handshake).then_some(1);
        Plan { trust: Some(trust.clone()), answers, ..Endpoint::Json.plan(address) }
    }
}

impl Case for Asked {
    fn name(&self) -> String {
        format!("{self:?}").to_lowercase()
    }
}

/// A certificate that nobody else signed, in a folder that goes with it.
#[derive(Debug)]
pub struct Identity {
    folder: PathBuf,
    /// What a client has to trust.
    pub trust: Trust,
}

impl Identity {
    /// Makes one for `localhost`.
    ///
    /// # Errors
    ///
    /// If it cannot be written.
    pub fn new() -> Result<Self> {
        let folder = std::env::temp_dir().join(format!("measure-{}", std::process::id()));
        fs::create_dir_all(&folder)?;
        let made = rcgen::generate_simple_self_signed(["localhost".to_owned()])?;
        let trust = Trust::in_certificate(made.cert.der().clone())?;
        let identity = Self { folder, trust };
        fs::write(identity.certificate(), made.cert.pem())?;
        fs::write(identity.key(), made.signing_key.serialize_pem())?;
        Ok(identity)
    }

    /// The certificate's file.
    pub fn certificate(&self) -> String {
        words(&self.folder.join("certificate.pem"))
    }

    /// The key's file.
    pub fn key(&self) -> String {
        words(&self.folder.join("key.pem"))
    }
}

impl Drop for Identity {
    fn drop(&mut self) {
        _ = fs::remove_dir_all(&self.folder);
    }
}

fn words(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}
