//! `routes`: what a request costs in an app of many routes.

use std::net::SocketAddr;

use anyhow::Result;

use super::endpoints::greeting;
use super::trial::trial;
use crate::Run;
use crate::load::{Content, Expected, Plan, get};
use crate::sample::Sample;
use crate::turns::{Value, turns};

/// From ten routes to ten thousand, all of them asked.
///
/// # Errors
///
/// None; a server that cannot is left out.
pub fn routes(run: &Run) -> Result<Vec<Sample>> {
    Ok(turns(run, &run.servers, &[10_u64, 100, 1000, 10_000], |peer, &routes| {
        let flags = ["--routes", &routes.to_string()];
        let trial = trial(run, peer, &flags, |address| plan(address, routes))?;
        Ok(trial.reading([
            Value::new("routes.cpu", trial.cpu_per_answer(), "µs/req"),
            Value::new("routes.requests", trial.tally.per_second(), "req/s"),
        ]))
    }))
}

/// A thousand requests in an order that looks like none and is always the same.
fn plan(address: SocketAddr, routes: u64) -> Plan {
    let path = |i: u64| format!("/svc{}/items/{i}", i * STRIDE % routes);
    let requests = (0..1000).map(|i| get(&path(i), &[])).collect();
    let expected = Expected { status: 200, content: Content::Json(greeting()) };
    Plan { requests, ..Plan::of(address, Vec::new(), expected) }
}

/// A prime, so that every route has its turn.
const STRIDE: u64 = 7919;
