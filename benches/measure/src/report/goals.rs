//! What Counterpart sets out to cost, and whether it does in this run.

use std::fmt::Write;

use super::grid::Grid;
use super::peers::OURS;
use super::statistics::{Cell, Noise};
use super::table::number;

/// One number that is to be reached.
#[derive(Clone, Copy, Debug)]
struct Goal {
    figure: &'static str,
    case: &'static str,
    rule: Rule,
}

/// What the number may be.
#[derive(Clone, Copy, Debug)]
enum Rule {
    AtMost(f64),
    /// So many times that of another program in the same case.
    AtMostTimes(f64, &'static str),
    AtLeastTimes(f64, &'static str),
    /// So many times our own in another case.
    AtMostTimesCase(f64, &'static str),
    /// No worse than anybody's but the floor's.
    Best,
}

use Rule::{AtLeastTimes, AtMost, AtMostTimes, AtMostTimesCase, Best};

const fn goal(figure: &'static str, case: &'static str, rule: Rule) -> Goal {
    Goal { figure, case, rule }
}

/// All of them.
const GOALS: [Goal; 24] = [
    goal("instructions.count", "json", AtMost(3500.0)),
    goal("instructions.count", "user", AtMostTimes(0.35, "axum")),
    goal("instructions.count", "post", AtMostTimes(0.35, "axum")),
    goal("instructions.moved", "json", AtMost(400.0)),
    goal("allocations", "json", AtMost(2.0)),
    goal("allocations", "post", AtMost(5.0)),
    goal("speed.cpu", "json", AtMostTimes(1.06, "tokio")),
    goal("speed.cpu", "user", AtMostTimes(1.06, "tokio")),
    goal("speed.cpu", "post", AtMostTimes(1.06, "tokio")),
    goal("pipeline.requests", "16", AtLeastTimes(0.9, "epoll")),
    goal("speed.p99", "plaintext", Best),
    goal("speed.p99", "json", Best),
    goal("speed.p99", "user", Best),
    goal("speed.p99", "post", Best),
    goal("idle", "http", AtMost(2500.0)),
    goal("clients.cpu", "64", AtMostTimes(1.3, "sockets")),
    goal("routes.cpu", "1000", AtMostTimesCase(1.05, "10")),
    goal("routes.cpu", "10000", AtMostTimesCase(1.05, "10")),
    goal("connections.cpu", "10000", AtMostTimesCase(1.05, "64")),
    goal("workers.cpu", "2", AtMostTimesCase(1.0 / 0.9, "1")),
    goal("bodies.rate", "up 100 MiB", AtLeastTimes(1.0, "hyper")),
    goal("bodies.rate", "down 100 MiB", AtLeastTimes(1.0, "hyper")),
    goal("hello.crates", "hello", AtMost(50.0)),
    goal("hello.binary", "hello", AtMost(1024.0)),
];

/// How a goal stands.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Standing {
    measured: f64,
    limit: f64,
    met: bool,
    noise: Noise,
}

/// All goals whose numbers are there, as a table.
pub(super) fn section(grids: &[Grid]) -> String {
    let mut text = String::from(HEAD);
    let mut open = 0;
    for goal in &GOALS {
        match standing(goal, grids) {
            Some(standing) => text.push_str(&line(goal, &standing)),
            None => open += 1,
        }
    }
    if open == GOALS.len() {
        return String::new();
    }
    if open > 0 {
        _ = writeln!(text, "\n{open} more were not measured.");
    }
    text
}

const HEAD: &str = "## The goals

| figure | case | goal | is | |
|---|---|---|---:|---|
";

fn line(goal: &Goal, standing: &Standing) -> String {
    let Standing { measured, limit, met, noise } = *standing;
    let verdict = match (met, noise) {
        (true, Noise::Quiet) => "met",
        (true, _) => "met, on a noisy basis",
        (false, Noise::Quiet) => "**missed**",
        (false, _) => "**missed**, on a noisy basis",
    };
    let off = (measured / limit - 1.0) * 100.0;
    let Goal { figure, case, rule } = goal;
    format!(
        "| {figure} | {case} | {} | {} | {verdict} ({off:+.1} %) |\n",
        rule.words(limit),
        number(measured)
    )
}

fn standing(goal: &Goal, grids: &[Grid]) -> Option<Standing> {
    let grid = grids.iter().find(|grid| grid.figure == goal.figure)?;
    let ours = grid.cell(OURS, goal.case)?;
    let times = |factor: f64, cell: &Cell| (factor * cell.median, cell.noise);
    let (limit, noise) = match goal.rule {
        AtMost(limit) => (limit, Noise::Quiet),
        AtMostTimes(factor, peer) | AtLeastTimes(factor, peer) => {
            times(factor, grid.cell(peer, goal.case)?)
        }
        AtMostTimesCase(factor, case) => times(factor, grid.cell(OURS, case)?),
        Best => times(1.0, grid.best_other(goal.case)?.1),
    };
    let at_least =
        matches!(goal.rule, AtLeastTimes(..)) || (matches!(goal.rule, Best) && grid.is_rate());
    let met = if at_least { ours.median >= limit } else { ours.median <= limit };
    Some(Standing { measured: ours.median, limit, met, noise: noise.max(ours.noise) })
}

impl Rule {
    fn words(self, limit: f64) -> String {
        let limit = number(limit);
        match self {
            AtMost(_) => format!("≤ {limit}"),
            AtMostTimes(factor, peer) => format!("≤ {factor} × {peer} = {limit}"),
            AtLeastTimes(factor, peer) => format!("≥ {factor} × {peer} = {limit}"),
            AtMostTimesCase(factor, case) => format!("≤ {factor:.2} × ours at {case} = {limit}"),
            Best => format!("best but the floor: {limit}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::grid::tests::sample;
    use crate::sample::Sample;

    fn judged(figure: &str, case: &str, numbers: &[(&str, &str, f64, bool)]) -> Option<Standing> {
        let one = |&(peer, case, value, noisy): &(&str, &str, f64, bool)| Sample {
            noisy,
            ..sample(figure, peer, case, value)
        };
        let grids = Grid::all(&numbers.iter().map(one).collect::<Vec<_>>());
        standing(GOALS.iter().find(|goal| goal.figure == figure && goal.case == case)?, &grids)
    }

    fn met(figure: &str, case: &str, numbers: &[(&str, &str, f64, bool)]) -> Option<bool> {
        judged(figure, case, numbers).map(|standing| standing.met)
    }

    #[test]
    fn judges_numbers_that_are_fixed() {
        assert_eq!(met("allocations", "json", &[(OURS, "json", 2.0, false)]), Some(true));
        assert_eq!(met("allocations", "json", &[(OURS, "json", 2.1, false)]), Some(false));
        assert_eq!(met("allocations", "json", &[("axum", "json", 1.0, false)]), None);
    }

    #[test]
    fn judges_by_others() {
        let at = |ours, theirs| [(OURS, "json", ours, false), ("tokio", "json", theirs, false)];
        assert_eq!(met("speed.cpu", "json", &at(6.3, 6.0)), Some(true));
        assert_eq!(met("speed.cpu", "json", &at(6.4, 6.0)), Some(false));
        let at = |ours, theirs| [(OURS, "16", ours, false), ("epoll", "16", theirs, false)];
        assert_eq!(met("pipeline.requests", "16", &at(0.91, 1.0)), Some(true));
        assert_eq!(met("pipeline.requests", "16", &at(0.89, 1.0)), Some(false));
    }

    #[test]
    fn judges_by_the_best_and_by_other_cases() {
        let at = |ours| {
            [
                (OURS, "json", ours, false),
                ("axum", "json", 2.0, false),
                ("tokio", "json", 1.0, false),
            ]
        };
        assert_eq!(met("speed.p99", "json", &at(1.9)), Some(true));
        assert_eq!(met("speed.p99", "json", &at(2.1)), Some(false));
        let at = |ours| [(OURS, "10", 1.0, false), (OURS, "1000", ours, false)];
        assert_eq!(met("routes.cpu", "1000", &at(1.05)), Some(true));
        assert_eq!(met("routes.cpu", "1000", &at(1.06)), Some(false));
    }

    #[test]
    fn says_that_its_basis_is_noisy() {
        let numbers = [(OURS, "json", 6.0, false), ("tokio", "json", 6.0, true)];
        let standing = judged("speed.cpu", "json", &numbers).unwrap();
        assert_eq!(standing.noise, Noise::All);
        let line = line(&GOALS[6], &standing);
        assert_eq!(
            line,
            "| speed.cpu | json | ≤ 1.06 × tokio = 6.36 | 6 | met, on a noisy basis (-5.7 %) |\n"
        );
    }

    #[test]
    fn says_how_many_are_open() {
        assert_eq!(section(&[]), "");
        let grids = Grid::all(&[sample("allocations", OURS, "post", 6.0)]);
        let text = section(&grids);
        assert!(text.contains("| allocations | post | ≤ 5 | 6 | **missed** (+20.0 %) |"), "{text}");
        assert!(
            text.ends_with(&format!("\n{} more were not measured.\n", GOALS.len() - 1)),
            "{text}"
        );
    }
}
