//! One server, loaded once.

use std::net::SocketAddr;
use std::time::Duration;

use anyhow::Result;

use crate::Run;
use crate::load::{Load, Plan, Tally};
use crate::noise::{Seen, Watch};
use crate::peers::{Launch, Peer, Server};
use crate::process::{Memory, Process};
use crate::turns::{Reading, Value};

/// What came of it.
#[derive(Debug)]
pub struct Trial {
    /// What the load did.
    pub tally: Tally,
    /// What the server and the load used.
    pub seen: Seen,
    /// What the server held at the end.
    pub memory: Memory,
}

/// Starts a server with these flags on its processor, warms it up for a fifth of the time, then measures.
///
/// # Errors
///
/// If the server refuses a flag or answers wrong.
pub fn trial(
    run: &Run,
    peer: &Peer,
    flags: &[&str],
    plan: impl FnOnce(SocketAddr) -> Plan,
) -> Result<Trial> {
    let cpus = [run.server_cpu];
    let server = Server::start(&Launch { peer, under: &[], flags, cpus: &cpus })?;
    let trial = load(run, &server, plan(server.address), |watch| watch)?;
    server.stop()?;
    Ok(trial)
}

/// The same with a server that runs; `watching` may say how the two share the processors.
///
/// # Errors
///
/// If the server answers wrong.
pub fn load(
    run: &Run,
    server: &Server,
    plan: Plan,
    watching: impl FnOnce(Watch) -> Watch,
) -> Result<Trial> {
    let mut load = Load::begin(plan)?;
    load.warm_up(Duration::from_secs_f64(run.seconds / 5.0))?;
    let programs = [server.process(), Process::own()];
    let watch = watching(Watch::begin(&[run.server_cpu, run.load_cpu], &programs)?);
    let tally = load.run(Duration::from_secs_f64(run.seconds))?;
    let seen = watch.end()?;
    Ok(Trial { tally, seen, memory: server.process().memory()? })
}

impl Trial {
    /// Microseconds that the server ran for each answer.
    #[expect(clippy::cast_precision_loss, reason = "there are never 2^52 answers")]
    pub fn cpu_per_answer(&self) -> f64 {
        self.cpu() / self.tally.answers.max(1) as f64
    }

    /// The most the server ever held, in MiB.
    #[expect(clippy::cast_precision_loss, reason = "there are never 2^52 bytes")]
    pub fn peak_mib(&self) -> f64 {
        self.memory.peak as f64 / MIB
    }

    /// The latency that this share of the answers has at most, if any answer was timed.
    pub fn latency(&self, figure: &'static str, share: f64) -> Option<Value> {
        let timed = !self.tally.latency.is_empty();
        timed.then(|| Value::new(figure, self.tally.latency(share), "µs"))
    }

    /// These numbers, marked if something disturbed them.
    pub fn reading(&self, values: impl IntoIterator<Item = Value>) -> Reading {
        Reading { values: values.into_iter().collect(), disturbance: self.seen.disturbance() }
    }

    /// Microseconds that the server ran.
    pub fn cpu(&self) -> f64 {
        self.seen.usage[0].ran.as_secs_f64() * 1e6
    }
}

impl Value {
    /// A number of a figure.
    pub fn new(figure: &'static str, value: f64, unit: &'static str) -> Self {
        Self { figure, value, unit }
    }
}

/// Bytes in a MiB.
pub const MIB: f64 = 1024.0 * 1024.0;
