//! `connections`: what a request costs among many connections, all of them busy.

use anyhow::Result;

use super::endpoints::Endpoint;
use super::trial::trial;
use crate::Run;
use crate::load::Plan;
use crate::sample::Sample;
use crate::turns::{Value, turns};

/// From one connection to ten thousand.
///
/// # Errors
///
/// None; a server that cannot is left out.
pub fn connections(run: &Run) -> Result<Vec<Sample>> {
    Ok(turns(run, &run.servers, &[1_usize, 8, 64, 256, 1000, 10_000], |peer, &connections| {
        let plan = |address| Plan { connections, ..Endpoint::Json.plan(address) };
        let trial = trial(run, peer, &[], plan)?;
        let counted = [
            Value::new("connections.cpu", trial.cpu_per_answer(), "µs/req"),
            Value::new("connections.requests", trial.tally.per_second(), "req/s"),
        ];
        Ok(trial.reading(counted.into_iter().chain(trial.latency("connections.p99", 0.99))))
    }))
}
