//! Measuring in turns: the first round of every program and case, then the second, so that what changes with the hour
//! changes for all of them.

use std::collections::HashSet;

use anyhow::Result;

use crate::Run;
use crate::noise::is_outlier;
use crate::peers::Peer;
use crate::sample::Sample;

/// What one measurement gave.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reading {
    /// Numbers; the first is the one that says whether it is far from its like.
    pub values: Vec<Value>,
    /// What disturbed it.
    pub disturbance: Option<String>,
}

/// One of its numbers.
#[derive(Clone, Debug, PartialEq)]
pub struct Value {
    /// As in [`Sample::figure`].
    pub figure: &'static str,
    /// How much.
    pub value: f64,
    /// Of what.
    pub unit: &'static str,
}

/// Something is measured under several circumstances.
pub trait Case {
    /// As in [`Sample::case`].
    fn name(&self) -> String;
}

impl Case for u64 {
    fn name(&self) -> String {
        self.to_string()
    }
}

impl Case for usize {
    fn name(&self) -> String {
        self.to_string()
    }
}

/// Measures each case of each program, once a round.
///
/// A program that cannot do a case is left out; what it says is told once.
pub fn turns<C: Case>(
    run: &Run,
    peers: &[Peer],
    cases: &[C],
    mut measure: impl FnMut(&Peer, &C) -> Result<Reading>,
) -> Vec<Sample> {
    let mut samples = Samples::default();
    let mut told = HashSet::new();
    for round in 1..=run.rounds {
        for (case, peer) in cases.iter().flat_map(|case| peers.iter().map(move |it| (case, it))) {
            match measure(peer, case) {
                Ok(reading) => samples.add(peer.name, &case.name(), round, reading),
                Err(error) => {
                    let words = format!("{}: left out: {error:#}", peer.name);
                    if told.insert(words.clone()) {
                        eprintln!("  {round} {}: {words}", case.name());
                    }
                }
            }
        }
    }
    samples.judged()
}

/// What was measured so far, and which number of each measurement is judged.
#[derive(Debug, Default)]
struct Samples {
    all: Vec<Sample>,
    /// Where each measurement begins in `all`.
    first: Vec<usize>,
}

impl Samples {
    fn add(&mut self, peer: &str, case: &str, round: u32, reading: Reading) {
        let noisy = reading.disturbance.is_some();
        tell(peer, case, round, &reading);
        self.first.push(self.all.len());
        self.all.extend(reading.values.into_iter().map(|it| Sample {
            figure: it.figure.to_owned(),
            peer: peer.to_owned(),
            case: case.to_owned(),
            value: it.value,
            unit: it.unit.to_owned(),
            round,
            noisy,
        }));
    }

    /// Marks those measurements that are far from the others of their cell.
    fn judged(mut self) -> Vec<Sample> {
        self.first.retain(|&at| at < self.all.len());
        let far: Vec<usize> = self.first.iter().copied().filter(|&at| self.is_far(at)).collect();
        far.into_iter().for_each(|at| self.mark(at));
        self.all
    }

    /// Whether a measurement's first number is far from those of the other rounds.
    fn is_far(&self, at: usize) -> bool {
        let like = |&other: &usize| self.all[other].is_like(&self.all[at]);
        let cell = self.first.iter().copied().filter(like);
        is_outlier(self.all[at].value, cell.map(|other| self.all[other].value))
    }

    /// A measurement is disturbed as a whole.
    fn mark(&mut self, first: usize) {
        let Sample { peer, case, round, value, figure, unit, .. } = self.all[first].clone();
        if !self.all[first].noisy {
            eprintln!("  {peer} {case} {round}: far from its like: {figure} {value:.3} {unit}");
        }
        let of = |it: &&mut Sample| it.peer == peer && it.case == case && it.round == round;
        self.all.iter_mut().filter(of).for_each(|it| it.noisy = true);
    }
}

impl Sample {
    fn is_like(&self, other: &Self) -> bool {
        (&self.figure, &self.peer, &self.case) == (&other.figure, &other.peer, &other.case)
    }
}

fn tell(peer: &str, case: &str, round: u32, reading: &Reading) {
    let value = |it: &Value| format!("{:.2} {}", it.value, it.unit);
    let values: Vec<String> = reading.values.iter().map(value).collect();
    let why = reading.disturbance.as_ref().map_or_else(String::new, |why| format!(" ~ {why}"));
    eprintln!("  {round} {peer:<16}{case:<14}{}{why}", values.join(", "));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::peers::SERVERS;

    fn run(rounds: u32) -> Run {
        Run { servers: vec![], clients: vec![], rounds, seconds: 1.0, server_cpu: 0, load_cpu: 0 }
    }

    fn reading(values: [f64; 2]) -> Reading {
        let [cpu, speed] = values;
        Reading {
            values: vec![
                Value { figure: "x.cpu", value: cpu, unit: "µs/req" },
                Value { figure: "x.requests", value: speed, unit: "req/s" },
            ],
            disturbance: None,
        }
    }

    #[test]
    fn goes_round_by_round() {
        let mut seen = Vec::new();
        let samples = turns(&run(2), &SERVERS[..2], &[1_u64, 2], |peer, case| {
            seen.push(format!("{} {case}", peer.name));
            Ok(reading([1.0, 2.0]))
        });
        let round = ["epoll 1", "tokio 1", "epoll 2", "tokio 2"];
        assert_eq!(seen, [round, round].concat());
        assert_eq!(samples.len(), 16);
        assert!(samples.iter().all(|sample| !sample.noisy));
        assert_eq!((samples[15].round, samples[15].case.as_str()), (2, "2"));
    }

    #[test]
    fn who_fails_once_has_another_round() {
        let mut fails = [true, false, true].into_iter();
        let samples = turns(&run(3), &SERVERS[..1], &[1_u64], |_, _| match fails.next() {
            Some(false) => Ok(reading([1.0, 2.0])),
            _ => anyhow::bail!("a connection was lost"),
        });
        assert_eq!(samples.iter().map(|it| it.round).collect::<Vec<_>>(), [2, 2]);
    }

    #[test]
    fn a_measurement_that_is_far_off_is_marked_as_a_whole() {
        let mut values = [1.0, 1.1, 1.3, 1.0, 0.95].into_iter();
        let samples = turns(&run(5), &SERVERS[..1], &[1_u64], |_, _| {
            Ok(reading([values.next().unwrap(), 7.0]))
        });
        let noisy: Vec<bool> = samples.iter().map(|sample| sample.noisy).collect();
        assert_eq!(noisy, [[false; 4].as_slice(), &[true; 2], &[false; 4]].concat());
    }

    #[test]
    fn what_was_disturbed_is_marked() {
        let disturbed = Reading { disturbance: Some("others".into()), ..reading([1.0, 2.0]) };
        let samples = turns(&run(1), &SERVERS[..1], &[1_u64], |_, _| Ok(disturbed.clone()));
        assert!(samples.iter().all(|sample| sample.noisy));
    }
}
