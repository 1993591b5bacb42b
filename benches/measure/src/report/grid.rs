//! The content of one table: peers by cases.

use std::collections::BTreeMap;

use super::about;
use super::peers::{self, Kind};
use super::statistics::Cell;
use crate::sample::Sample;

/// All cells of one figure.
#[derive(Clone, Debug)]
pub(super) struct Grid {
    /// Which.
    pub(super) figure: String,
    /// What its numbers count.
    pub(super) unit: String,
    /// The rows, the floor first.
    pub(super) peers: Vec<String>,
    /// The columns: by size where all end in numbers, else as they were measured.
    pub(super) cases: Vec<Case>,
    cells: BTreeMap<(String, String), Cell>,
}

/// A column.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Case {
    /// As it stands in the samples.
    pub(super) name: String,
    /// What stands before the number.
    pub(super) series: String,
    /// The number it ends in, with `KiB` and `MiB` multiplied out.
    pub(super) number: Option<f64>,
}

impl Grid {
    /// The tables that these samples make, in the order of the page.
    pub(super) fn all(samples: &[Sample]) -> Vec<Self> {
        let mut figures = firsts(samples.iter().map(|sample| &*sample.figure));
        figures.sort_by_key(|figure| about::rank(figure));
        figures.into_iter().map(|figure| Self::of(figure, samples)).collect()
    }

    fn of(figure: &str, samples: &[Sample]) -> Self {
        let samples: Vec<&Sample> = samples.iter().filter(|it| it.figure == figure).collect();
        let unit = samples.first().map_or("", |sample| &sample.unit);
        let mut peers = firsts(samples.iter().map(|sample| sample.peer.clone()));
        peers.sort_by_key(|peer| peers::rank(peer));
        let mut cells = BTreeMap::new();
        for case in samples.iter().map(|sample| &sample.case) {
            for peer in &peers {
                let here = |sample: &&&Sample| sample.peer == *peer && sample.case == *case;
                let cell = Cell::of(samples.iter().filter(here).copied());
                cell.map(|cell| cells.insert((peer.clone(), case.clone()), cell));
            }
        }
        Self { figure: figure.into(), unit: unit.into(), peers, cases: Case::all(&samples), cells }
    }

    /// What is known of a peer in a case.
    pub(super) fn cell(&self, peer: &str, case: &str) -> Option<&Cell> {
        self.cells.get(&(peer.to_owned(), case.to_owned()))
    }

    /// Whether a larger number is the better one.
    pub(super) fn is_rate(&self) -> bool {
        self.unit.ends_with("/s") || self.unit == "times"
    }

    /// The best of those that are neither the floor nor ours, and its name.
    pub(super) fn best_other(&self, case: &str) -> Option<(&str, &Cell)> {
        let others = self.peers.iter().filter(|peer| peers::of(peer).kind == Kind::Other);
        let known = others.filter_map(|peer| Some((&**peer, self.cell(peer, case)?)));
        known.min_by(|(_, a), (_, b)| match self.is_rate() {
            true => b.median.total_cmp(&a.median),
            false => a.median.total_cmp(&b.median),
        })
    }

    /// The floor that the figure has, the one on the same runtime before the one without.
    pub(super) fn floor(&self) -> Option<&str> {
        let floors = self.peers.iter().rev().find(|peer| peers::of(peer).kind == Kind::Floor);
        floors.map(String::as_str)
    }

    /// The columns there is room for: all, or a few of many, the first and the last among them.
    pub(super) fn few_cases(&self) -> Vec<&Case> {
        let last = self.cases.len().saturating_sub(1);
        let step = last.div_ceil(MOST - 1).max(1);
        let near_last = |at: usize| at != last && last - at < step;
        let shown = |&(at, _): &(usize, &Case)| at == last || (at % step == 0 && !near_last(at));
        self.cases.iter().enumerate().filter(shown).map(|(_, case)| case).collect()
    }

    /// How its plot is called, without the end.
    pub(super) fn file_name(&self) -> String {
        let word = |c: char| if c.is_ascii_alphanumeric() { c } else { '-' };
        self.figure.chars().map(word).collect()
    }
}

impl Case {
    fn all(samples: &[&Sample]) -> Vec<Self> {
        let names = firsts(samples.iter().map(|sample| &*sample.case));
        let mut cases: Vec<Self> = names.into_iter().map(Self::new).collect();
        let series = firsts(cases.iter().map(|case| case.series.clone()));
        if cases.iter().all(|case| case.number.is_some()) {
            let place = |case: &Self| series.iter().position(|name| *name == case.series);
            cases.sort_by(|a, b| {
                let by_number = || a.number.unwrap_or(0.0).total_cmp(&b.number.unwrap_or(0.0));
                place(a).cmp(&place(b)).then_with(by_number)
            });
        }
        cases
    }

    /// `up 16 KiB` is 16,384 of `up`.
    pub(super) fn new(name: &str) -> Self {
        let (rest, factor) = match name.rsplit_once(' ') {
            Some((rest, "B")) => (rest, 1.0),
            Some((rest, "KiB")) => (rest, 1024.0),
            Some((rest, "MiB")) => (rest, 1024.0 * 1024.0),
            _ => (name, 1.0),
        };
        let (series, digits) = rest.rsplit_once(' ').unwrap_or(("", rest));
        let number = digits.replace(',', "").parse::<f64>().ok().map(|number| number * factor);
        let series = if number.is_some() { series } else { name };
        Self { name: name.into(), series: series.into(), number }
    }
}

/// How many columns a table has at most.
const MOST: usize = 12;

/// Each once, in the order in which they came.
pub(super) fn firsts<T: PartialEq>(all: impl Iterator<Item = T>) -> Vec<T> {
    all.fold(Vec::new(), |mut seen, one| {
        if !seen.contains(&one) {
            seen.push(one);
        }
        seen
    })
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// A sample of the first round that nothing disturbed.
    pub(in crate::report) fn sample(figure: &str, peer: &str, case: &str, value: f64) -> Sample {
        let [figure, peer, case] = [figure, peer, case].map(str::to_owned);
        Sample { figure, peer, case, value, unit: "µs/req".into(), round: 1, noisy: false }
    }

    #[test]
    fn makes_a_table_for_each_figure() {
        let rate = Sample { unit: "req/s".into(), ..sample("speed.requests", "axum", "json", 9.0) };
        let grids = Grid::all(&[sample("new", "axum", "json", 8.0), rate]);
        let names: Vec<_> = grids.iter().map(|grid| &*grid.figure).collect();
        assert_eq!(names, ["speed.requests", "new"]);
        assert!(grids[0].is_rate() && !grids[1].is_rate());
    }

    #[test]
    fn orders_rows_by_rank_and_numbers_by_size() {
        let samples = [
            sample("routes.cpu", "axum", "1000", 1.0),
            sample("routes.cpu", "tokio", "10", 2.0),
            sample("routes.cpu", "counterpart", "10000", 3.0),
        ];
        let grid = Grid::all(&samples).remove(0);
        assert_eq!(grid.peers, ["tokio", "counterpart", "axum"]);
        let cases: Vec<_> = grid.cases.iter().map(|case| &*case.name).collect();
        assert_eq!(cases, ["10", "1000", "10000"]);
        assert_eq!(grid.cell("tokio", "10").map(|cell| cell.median), Some(2.0));
        assert_eq!(grid.cell("tokio", "1000"), None);
    }

    #[test]
    fn keeps_named_cases_as_they_were_measured() {
        let samples =
            ["plaintext", "json", "10"].map(|case| sample("speed.cpu", "axum", case, 1.0));
        let grid = Grid::all(&samples).remove(0);
        let cases: Vec<_> = grid.cases.iter().map(|case| &*case.name).collect();
        assert_eq!(cases, ["plaintext", "json", "10"]);
    }

    #[test]
    fn reads_numbers_out_of_cases() {
        let read = |name| (Case::new(name).series, Case::new(name).number);
        assert_eq!(read("1,000"), (String::new(), Some(1000.0)));
        assert_eq!(read("up 16 KiB"), ("up".into(), Some(16384.0)));
        assert_eq!(read("up 0 B"), ("up".into(), Some(0.0)));
        assert_eq!(read("1 MiB"), (String::new(), Some(1_048_576.0)));
        assert_eq!(read("plaintext"), ("plaintext".into(), None));
        assert_eq!(read("json by TLS"), ("json by TLS".into(), None));
    }

    #[test]
    fn shows_a_few_of_many_columns() {
        let few = |many: u32| {
            let samples: Vec<_> =
                (0..many).map(|at| sample("soak.rss", "axum", &at.to_string(), 1.0)).collect();
            let grid = Grid::all(&samples).remove(0);
            grid.few_cases().iter().map(|case| case.name.clone()).collect::<Vec<_>>()
        };
        assert_eq!(few(12).len(), 12);
        assert_eq!(few(13), ["0", "2", "4", "6", "8", "10", "12"]);
        assert_eq!(few(121).len(), 11);
        assert_eq!((few(120).len(), &*few(120)[9], &*few(120)[10]), (11, "99", "119"));
    }

    #[test]
    fn finds_the_best_of_the_others() {
        let samples = [("tokio", 1.0), ("counterpart", 2.0), ("axum", 9.0), ("hyper", 5.0)];
        let grid =
            Grid::all(&samples.map(|(peer, value)| sample("speed.cpu", peer, "json", value)));
        let (name, cell) = grid[0].best_other("json").unwrap();
        assert_eq!((name, cell.median), ("hyper", 5.0));
        assert_eq!(grid[0].floor(), Some("tokio"));
    }
}
