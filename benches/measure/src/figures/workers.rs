//! `workers`: whether two workers do twice the work of one.
//!
//! On two processors there is no third for the load, so it runs beside the server on the same two, for one worker as for
//! two. Requests per second then say how the three shared; what a request costs the server says what a second
//! worker would win: `workers.gain` is 2 × the CPU per request of one worker ÷ that of two.

use anyhow::Result;

use super::endpoints::Endpoint;
use super::trial::load;
use crate::Run;
use crate::machine;
use crate::noise::Watch;
use crate::peers::{Launch, Peer, Server};
use crate::sample::Sample;
use crate::turns::{Reading, Value, turns};

/// One worker and two.
///
/// # Errors
///
/// If the load cannot be pinned; a server that cannot is left out.
pub fn workers(run: &Run) -> Result<Vec<Sample>> {
    machine::pin(&[run.server_cpu, run.load_cpu])?;
    let mut samples =
        turns(run, &run.servers, &[1_u64, 2], |peer, &workers| one(run, peer, workers));
    let gains: Vec<Sample> = samples.iter().filter_map(|one| gain(one, &samples)).collect();
    samples.extend(gains);
    Ok(samples)
}

fn one(run: &Run, peer: &Peer, workers: u64) -> Result<Reading> {
    let cpus = [run.server_cpu, run.load_cpu];
    let flags = ["--workers", &workers.to_string()];
    let server = Server::start(&Launch { peer, under: &[], flags: &flags, cpus: &cpus })?;
    let trial = load(run, &server, Endpoint::Json.plan(server.address), Watch::sharing)?;
    server.stop()?;
    Ok(trial.reading([
        Value::new(CPU, trial.cpu_per_answer(), "µs/req"),
        Value::new("workers.requests", trial.tally.per_second(), "req/s"),
    ]))
}

/// What two workers of the same round have over this one.
fn gain(one: &Sample, samples: &[Sample]) -> Option<Sample> {
    let is_two = |it: &&Sample| {
        (it.figure.as_str(), it.case.as_str()) == (CPU, "2")
            && (&it.peer, it.round) == (&one.peer, one.round)
    };
    if (one.figure.as_str(), one.case.as_str()) != (CPU, "1") {
        return None;
    }
    let two = samples.iter().find(is_two)?;
    Some(Sample {
        figure: "workers.gain".into(),
        case: "2 to 1".into(),
        value: 2.0 * one.value / two.value,
        unit: "times".into(),
        noisy: one.noisy || two.noisy,
        ..one.clone()
    })
}

const CPU: &str = "workers.cpu";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_workers_at_the_same_cost_do_twice_the_work() {
        let sample = |case: &str, round, value| Sample {
            figure: CPU.into(),
            peer: "x".into(),
            case: case.into(),
            value,
            unit: "µs/req".into(),
            round,
            noisy: round == 2,
        };
        let samples =
            [sample("1", 1, 6.0), sample("2", 1, 6.0), sample("1", 2, 6.0), sample("2", 2, 8.0)];
        let gains: Vec<_> = samples.iter().filter_map(|it| gain(it, &samples)).collect();
        let seen: Vec<_> = gains.iter().map(|it| (it.round, it.value, it.noisy)).collect();
        assert_eq!(seen, [(1, 2.0, false), (2, 1.5, true)]);
        assert_eq!(gain(&samples[0], &samples[..1]), None);
    }
}
