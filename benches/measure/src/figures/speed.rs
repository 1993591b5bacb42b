//! `speed` and `pipeline`: four endpoints at 64 connections, one request at a time and sixteen.

use anyhow::Result;

use super::endpoints::{ENDPOINTS, Endpoint};
use super::trial::trial;
use crate::Run;
use crate::sample::Sample;
use crate::turns::{Value, turns};

/// One request at a time.
///
/// # Errors
///
/// None; a server that cannot is left out.
pub fn speed(run: &Run) -> Result<Vec<Sample>> {
    Ok(turns(run, &run.servers, &ENDPOINTS, |peer, endpoint| {
        let trial = trial(run, peer, &[], |address| endpoint.plan(address))?;
        let counted = [
            Value::new("speed.cpu", trial.cpu_per_answer(), "µs/req"),
            Value::new("speed.requests", trial.tally.per_second(), "req/s"),
        ];
        let timed = [("speed.p50", 0.5), ("speed.p99", 0.99), ("speed.p999", 0.999)];
        let timed = timed.into_iter().filter_map(|(figure, share)| trial.latency(figure, share));
        Ok(trial.reading(counted.into_iter().chain(timed)))
    }))
}

/// Sixteen at once.
///
/// # Errors
///
/// None; a server that cannot is left out.
pub fn pipeline(run: &Run) -> Result<Vec<Sample>> {
    Ok(turns(run, &run.servers, &[16_usize], |peer, &depth| {
        let plan = |address| Endpoint::Plaintext.plan(address).deep(depth);
        let trial = trial(run, peer, &[], plan)?;
        Ok(trial.reading([
            Value::new("pipeline.cpu", trial.cpu_per_answer(), "µs/req"),
            Value::new("pipeline.requests", trial.tally.per_second(), "req/s"),
        ]))
    }))
}
