//! `routes`: what a request costs in an app of many routes.
//!
//! `routes.cpu` asks all of them, so that each request also finds memory that the last one did not use; `routes.one`
//! asks one, and shows the search alone.

use std::net::SocketAddr;

use anyhow::Result;

use super::endpoints::greeting;
use super::trial::trial;
use crate::Run;
use crate::load::{Content, Expected, Plan, get};
use crate::sample::Sample;
use crate::turns::{Value, turns};

/// From ten routes to ten thousand.
///
/// # Errors
///
/// None; a server that cannot is left out.
pub fn routes(run: &Run) -> Result<Vec<Sample>> {
    let mut samples = asked(run, 1000, ["routes.cpu", "routes.requests"]);
    samples.extend(asked(run, 1, ["routes.one", "routes.one-requests"]));
    Ok(samples)
}

fn asked(run: &Run, requests: u64, [cpu, rate]: [&'static str; 2]) -> Vec<Sample> {
    turns(run, &run.servers, &[10_u64, 100, 1000, 10_000], |peer, &routes| {
        let flags = ["--routes", &routes.to_string()];
        let trial = trial(run, peer, &flags, |address| plan(address, routes, requests))?;
        Ok(trial.reading([
            Value::new(cpu, trial.cpu_per_answer(), "µs/req"),
            Value::new(rate, trial.tally.per_second(), "req/s"),
        ]))
    })
}

/// So many requests, in an order that looks like none and is always the same.
fn plan(address: SocketAddr, routes: u64, requests: u64) -> Plan {
    let path = |i: u64| format!("/svc{}/items/{i}", i * STRIDE % routes);
    let requests = (0..requests).map(|i| get(&path(i + 7), &[])).collect();
    let expected = Expected { status: 200, content: Content::Json(greeting()) };
    Plan { requests, ..Plan::of(address, Vec::new(), expected) }
}

/// A prime, so that every route has its turn.
const STRIDE: u64 = 7919;
