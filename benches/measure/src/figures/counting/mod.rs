//! Counting what does not depend on the hour: a server under a tool, asked in lock step, twice.
//!
//! The second time it is asked more often. What the tool counted more, for each request that was more, is what a request
//! costs: starting, stopping and the connections themselves are in both, and drop out.
//!
//! Here: the two runs and their difference, `lockstep` (the client), `callgrind` (what that tool writes). Not here: what
//! is counted, which is the figures'.

pub mod callgrind;
pub mod lockstep;

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Result, ensure};

use super::endpoints::{ENDPOINTS, Endpoint};
use super::headers::browser;
use crate::Run;
use crate::load::get;
use crate::peers::{Launch, Peer, Server};
use crate::turns::Case;
use lockstep::Lockstep;

/// What is asked.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Asked {
    /// With no field but `Host`, and what a body needs.
    Plain(Endpoint),
    /// `GET /json` with the 14 fields of a browser.
    Browser,
}

impl Asked {
    /// All there is.
    pub fn all() -> Vec<Self> {
        ENDPOINTS.into_iter().map(Self::Plain).chain([Self::Browser]).collect()
    }

    /// The request as it is sent.
    pub fn request(self) -> Vec<u8> {
        match self {
            Self::Plain(endpoint) => endpoint.request(),
            Self::Browser => get("/json", &browser(13)),
        }
    }

    /// The status of its answer.
    pub fn status(self) -> u16 {
        match self {
            Self::Plain(endpoint) => endpoint.expected().status,
            Self::Browser => 200,
        }
    }
}

impl Case for Asked {
    fn name(&self) -> String {
        match self {
            Self::Plain(endpoint) => endpoint.name(),
            Self::Browser => "browser".to_owned(),
        }
    }
}

/// A server under a tool.
#[derive(Clone, Copy, Debug)]
pub struct Observed<'a> {
    /// What is asked for.
    pub run: &'a Run,
    /// Which server.
    pub peer: &'a Peer,
    /// What it is asked.
    pub asked: Asked,
}

impl Observed<'_> {
    /// What the tool counts for each request: `read` makes numbers of the file that the tool was told to write.
    ///
    /// # Errors
    ///
    /// If the tool is missing or cannot be used on this server, or the server answers wrong.
    pub fn per_request<const N: usize>(
        &self,
        tool: impl Fn(&str) -> Vec<String>,
        read: impl Fn(&Path) -> Result<[f64; N]>,
    ) -> Result<[f64; N]> {
        ensure!(
            self.peer.package().is_some(),
            "it is a script: what was counted would be its interpreter"
        );
        let few = self.once(FEW, &tool, &read)?;
        let many = self.once(MANY, &tool, &read)?;
        Ok(std::array::from_fn(|at| share(many[at] - few[at], MANY - FEW)))
    }

    fn once<T>(
        &self,
        rounds: usize,
        tool: impl Fn(&str) -> Vec<String>,
        read: impl Fn(&Path) -> Result<T>,
    ) -> Result<T> {
        let file = Scratch::new(&format!("{}-{rounds}", self.peer.name));
        let under = tool(&file.0.to_string_lossy());
        let under: Vec<&str> = under.iter().map(String::as_str).collect();
        needed(under[0])?;
        let cpus = [self.run.server_cpu];
        let server =
            Server::start(&Launch { peer: self.peer, under: &under, flags: &[], cpus: &cpus })?;
        let mut client = Lockstep::open(server.address, CONNECTIONS)?;
        client.ask(&self.asked.request(), self.asked.status(), rounds)?;
        drop(client);
        server.stop()?;
        read(&file.0)
    }
}

/// One round of it all: counts hardly differ from run to run.
pub fn once(run: &Run) -> Run {
    Run { rounds: 1, ..run.clone() }
}

/// Says which package a tool is in, if it is missing.
fn needed(tool: &str) -> Result<()> {
    let found =
        Command::new(tool).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
    ensure!(found.is_ok(), "`{tool}` is not installed; its package is called `{tool}`, too");
    Ok(())
}

/// A file that goes away.
#[derive(Debug)]
struct Scratch(PathBuf);

impl Scratch {
    fn new(name: &str) -> Self {
        Self(std::env::temp_dir().join(format!("measure-{}-{name}", std::process::id())))
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        _ = std::fs::remove_file(&self.0);
    }
}

/// For each request, to the hundredth: one run waits for its sockets a few times more than the next.
#[expect(clippy::cast_precision_loss, reason = "there are some thousands")]
fn share(counted: f64, rounds: usize) -> f64 {
    (counted * 100.0 / (rounds * CONNECTIONS) as f64).round() / 100.0 + 0.0
}

/// How many connections ask at once.
const CONNECTIONS: usize = 64;

/// How often each asks in the first run: enough that buffers and tables have grown as far as they will.
const FEW: usize = 10;

/// How often in the second.
const MANY: usize = 110;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_hundredths() {
        assert_eq!(share(12_801.0, 100), 2.0);
        assert_eq!(share(270.0, 100), 0.04);
        assert!(share(-1.0, 100).is_sign_positive());
    }
}
