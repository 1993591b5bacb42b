//! `ureq`, which blocks: one call at a time.

use api::Greeting;
use client_harness::{Plan, Tally, check, fail};
use ureq::{Agent, Error};

fn main() {
    let plan = Plan::from_args();
    if plan.concurrency != 1 {
        fail("ureq blocks its thread: it makes one call at a time");
    }
    let agent = Agent::new_with_defaults();
    let url = plan.target();
    let tally = Tally::new(&plan);
    while let Some(call) = tally.begin() {
        check(&get(&agent, &url).unwrap_or_else(|error| fail(error)));
        tally.end(&call);
    }
    tally.report();
}

fn get(agent: &Agent, url: &str) -> Result<Greeting, Error> {
    agent.get(url).call()?.body_mut().read_json()
}
