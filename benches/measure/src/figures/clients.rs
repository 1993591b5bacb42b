//! `clients`: what a call costs a client, against the leanest server.

use std::process::Stdio;

use anyhow::{Context, Result, bail};
use serde::Deserialize;

use crate::Run;
use crate::noise::Watch;
use crate::peers::{Launch, Peer, SERVERS, Server};
use crate::process;
use crate::sample::Sample;
use crate::turns::{Reading, Value, turns};

/// What a client says at its end.
#[derive(Debug, Deserialize)]
struct Said {
    calls: f64,
    seconds: f64,
    cpu_seconds: f64,
    p50_us: f64,
    p99_us: f64,
    p999_us: f64,
}

/// One call at a time, and 64.
///
/// # Errors
///
/// None; a client that cannot is left out.
pub fn clients(run: &Run) -> Result<Vec<Sample>> {
    Ok(turns(run, &run.clients, &[1_u64, 64], |peer, &concurrency| one(run, peer, concurrency)))
}

fn one(run: &Run, peer: &Peer, concurrency: u64) -> Result<Reading> {
    let launch = Launch { peer: &SERVERS[0], under: &[], flags: &[], cpus: &[run.server_cpu] };
    let server = Server::start(&launch)?;
    let watch = Watch::begin(&[run.server_cpu, run.load_cpu], &[server.process()])?;
    let before = process::ended_children()?;
    let said =
        call(peer, &format!("http://{}", server.address), concurrency, calls(run, concurrency))?;
    let seen = watch.end()?.with(process::ended_children()?.saturating_sub(before));
    server.stop()?;
    Ok(Reading { values: said.values(), disturbance: seen.disturbance() })
}

/// Runs a client, which is on the load's processor as this process is.
fn call(peer: &Peer, url: &str, concurrency: u64, calls: u64) -> Result<Said> {
    let mut command = peer.command();
    command.arg(url).args(["--concurrency", &concurrency.to_string()]);
    command.args(["--calls", &calls.to_string(), "--warmup", &(calls / 5).to_string()]);
    let done = command.stdin(Stdio::null()).output().context("a client cannot be started")?;
    if !done.status.success() {
        bail!("{}", String::from_utf8_lossy(&done.stderr).trim());
    }
    let words = String::from_utf8(done.stdout)?;
    serde_json::from_str(words.trim()).with_context(|| format!("a client said `{}`", words.trim()))
}

impl Said {
    fn values(&self) -> Vec<Value> {
        vec![
            Value::new("clients.cpu", self.cpu_seconds * 1e6 / self.calls, "µs/call"),
            Value::new("clients.calls", self.calls / self.seconds, "calls/s"),
            Value::new("clients.p50", self.p50_us, "µs"),
            Value::new("clients.p99", self.p99_us, "µs"),
            Value::new("clients.p999", self.p999_us, "µs"),
        ]
    }
}

/// About as many as a quick client makes in the time.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "seconds are few")]
fn calls(run: &Run, concurrency: u64) -> u64 {
    (run.seconds * if concurrency == 1 { 10_000.0 } else { 50_000.0 }) as u64
}
