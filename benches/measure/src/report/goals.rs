//! What Counterpart sets out to cost, and whether it does in this run.

use super::grid::Grid;
use super::peers::OURS;
use super::statistics::{self, Noise};
use super::table::number;

/// One number that is to be reached.
#[derive(Clone, Copy, Debug)]
struct Goal {
    figure: &'static str,
    case: &'static str,
    rule: Rule,
}

/// What the number may be, in units of what.
#[derive(Clone, Copy, Debug)]
enum Rule {
    AtMost(f64, Of),
    AtLeast(f64, Of),
}

/// What a goal is counted in.
#[derive(Clone, Copy, Debug)]
enum Of {
    /// The figure's own unit.
    One,
    /// What another program takes in the same case.
    Peer(&'static str),
    /// What ours takes in another case.
    Case(&'static str),
    /// What another program takes in another case.
    Cell(&'static str, &'static str),
    /// What the best takes that is neither ours nor the floor.
    Best,
}

use Of::{Best, Case, Cell, One, Peer};
use Rule::{AtLeast, AtMost};

const fn goal(figure: &'static str, case: &'static str, rule: Rule) -> Goal {
    Goal { figure, case, rule }
}

/// All of them.
const GOALS: [Goal; 29] = [
    goal("instructions.count", "json", AtMost(3500.0, One)),
    goal("instructions.count", "user", AtMost(0.35, Peer("axum"))),
    goal("instructions.count", "post", AtMost(0.35, Peer("axum"))),
    goal("instructions.copying", "json", AtMost(400.0, One)),
    goal("instructions.moved", "json", AtMost(1.0, Peer("hyper"))),
    goal("allocations", "json", AtMost(2.0, One)),
    goal("allocations", "post", AtMost(5.0, One)),
    goal("speed.cpu", "json", AtMost(1.06, Peer("tokio"))),
    goal("speed.cpu", "user", AtMost(1.06, Peer("tokio"))),
    goal("speed.cpu", "post", AtMost(1.06, Peer("tokio"))),
    goal("pipeline.requests", "plaintext", AtLeast(0.9, Peer("epoll"))),
    goal("speed.p99", "plaintext", AtMost(1.0, Best)),
    goal("speed.p99", "json", AtMost(1.0, Best)),
    goal("speed.p99", "user", AtMost(1.0, Best)),
    goal("speed.p99", "post", AtMost(1.0, Best)),
    goal("idle", "http", AtMost(2500.0, One)),
    goal("clients.cpu", "64", AtMost(1.3, Peer("sockets"))),
    goal("routes.cpu", "1000", AtMost(1.05, Case("10"))),
    goal("routes.cpu", "10000", AtMost(1.05, Case("10"))),
    goal("connections.cpu", "10000", AtMost(1.05, Case("64"))),
    goal("workers.gain", "2 to 1", AtLeast(1.8, One)),
    goal("bodies.rate", "up 1 MiB", AtLeast(1.0, Peer("hyper"))),
    goal("bodies.rate", "down 1 MiB", AtLeast(1.0, Peer("hyper"))),
    goal("bodies.rate", "up 100 MiB", AtLeast(1.0, Peer("hyper"))),
    goal("bodies.rate", "down 100 MiB", AtLeast(1.0, Peer("hyper"))),
    goal("bodies.peak", "up 100 MiB", AtMost(1.1, Case("up 1 MiB"))),
    goal("size.crates", "hello", AtMost(50.0, One)),
    goal("size.build", "hello", AtMost(1.0, Cell("axum", "server"))),
    goal("size.binary", "hello", AtMost(1024.0, One)),
];

/// How a goal stands.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Standing {
    measured: f64,
    limit: f64,
    met: bool,
    noise: Noise,
}

/// All goals whose numbers are there, as a table; nothing, if none are.
pub(super) fn section(grids: &[Grid]) -> String {
    let known = GOALS.iter().filter_map(|goal| Some(line(goal, &standing(goal, grids)?)));
    let lines: String = known.collect();
    if lines.is_empty() { lines } else { format!("{HEAD}{lines}") }
}

/// How many goals there are whose numbers are not there, in words.
pub(super) fn open(grids: &[Grid]) -> String {
    match GOALS.iter().filter(|goal| standing(goal, grids).is_none()).count() {
        0 => String::new(),
        open => format!("\nGoals that were not measured: {open}.\n"),
    }
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
    let (AtMost(factor, of) | AtLeast(factor, of)) = goal.rule;
    let (basis, noise) = match of {
        One => (1.0, Noise::Quiet),
        Peer(peer) => of_cell(grid.cell(peer, goal.case)?),
        Case(case) => of_cell(grid.cell(OURS, case)?),
        Cell(peer, case) => of_cell(grid.cell(peer, case)?),
        Best => of_cell(grid.best_other(goal.case)?.1),
    };
    let limit = factor * basis;
    let met = match goal.rule {
        AtMost(..) => ours.median <= limit,
        AtLeast(..) => ours.median >= limit,
    };
    Some(Standing { measured: ours.median, limit, met, noise: noise.max(ours.noise) })
}

const fn of_cell(cell: &statistics::Cell) -> (f64, Noise) {
    (cell.median, cell.noise)
}

impl Rule {
    fn words(self, limit: f64) -> String {
        let limit = number(limit);
        let (AtMost(factor, of) | AtLeast(factor, of)) = self;
        let basis = match of {
            One => return format!("{} {limit}", self.sign()),
            Peer(peer) => peer.to_owned(),
            Case(case) => format!("ours at {case}"),
            Cell(peer, case) => format!("{peer} at {case}"),
            Best => "the best".to_owned(),
        };
        format!("{} {factor} × {basis} = {limit}", self.sign())
    }

    const fn sign(self) -> char {
        match self {
            AtMost(..) => '≤',
            AtLeast(..) => '≥',
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
        let at = |ours, theirs| {
            [(OURS, "plaintext", ours, false), ("epoll", "plaintext", theirs, false)]
        };
        assert_eq!(met("pipeline.requests", "plaintext", &at(0.91, 1.0)), Some(true));
        assert_eq!(met("pipeline.requests", "plaintext", &at(0.89, 1.0)), Some(false));
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
        let line = line(&GOALS[7], &standing);
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
        assert!(
            text.ends_with("| allocations | post | ≤ 5 | 6 | **missed** (+20.0 %) |\n"),
            "{text}"
        );
        let rest = GOALS.len() - 1;
        assert_eq!(open(&grids), format!("\nGoals that were not measured: {rest}.\n"));
    }
}
