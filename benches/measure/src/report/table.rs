//! Tables as Markdown, aligned so that they are read as they are, too.

use std::fmt::Write;

use super::grid::{Case, Grid};
use super::peers::{self, Kind, OURS};
use super::statistics::Cell;
use super::{about, statistics::Noise};
use crate::sample::Machine;

/// What stands over all tables: where, when and how.
pub(super) fn heading(runs: &[Machine]) -> String {
    let mut text = String::from("# What it costs\n\n");
    if let Some(last) = runs.last() {
        let Machine { cpu, cores, kernel, .. } = last;
        _ = writeln!(text, "{cpu}, {cores} processors, Linux {kernel}. Put together from:\n");
    }
    for Machine { date, rustc, flags, .. } in runs {
        _ = writeln!(text, "* {date}: `./run {flags}`, {rustc}");
    }
    text.push_str(LEGEND);
    text
}

/// A figure's title, note and table.
pub(super) fn section(grid: &Grid) -> String {
    format!("{}\n{}\n", said_before(grid), table(grid))
}

/// The same, and its plot under it.
pub(super) fn section_with_plot(grid: &Grid) -> String {
    let file = grid.file_name();
    format!(
        "{}\n{}\n![{}]({file}.svg)\n\n",
        said_before(grid),
        table(grid),
        about::title(&grid.figure)
    )
}

fn said_before(grid: &Grid) -> String {
    let better = if grid.is_rate() { "More is better." } else { "Less is better." };
    let title = about::title(&grid.figure);
    let note = match about::note(&grid.figure) {
        "" => String::new(),
        note => format!("{}. ", sentence(note)),
    };
    format!("## {title} ({})\n\n{note}{better}\n", grid.unit)
}

fn sentence(note: &str) -> String {
    let mut letters = note.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

fn table(grid: &Grid) -> String {
    let head = grid.few_cases().into_iter().map(|case| case.name.clone());
    let mut rows = vec![std::iter::once(String::new()).chain(head).collect()];
    rows.extend(grid.peers.iter().map(|peer| {
        row(&name(peer), grid, |case| grid.cell(peer, &case.name).map(|cell| shown(cell, grid)))
    }));
    if grid.peers.iter().any(|peer| peer == OURS) {
        rows.extend(ratios(grid));
    }
    aligned(&rows)
}

fn row(name: &str, grid: &Grid, cell: impl Fn(&Case) -> Option<String>) -> Vec<String> {
    let cells = grid.few_cases().into_iter().map(|case| cell(case).unwrap_or_else(|| "–".into()));
    std::iter::once(name.to_owned()).chain(cells).collect()
}

fn name(peer: &str) -> String {
    if peer == OURS { format!("**{peer}**") } else { peer.to_owned() }
}

/// Median, and the best in brackets where there are several.
fn shown(cell: &Cell, grid: &Grid) -> String {
    let best = if grid.is_rate() { cell.max } else { cell.min };
    let best = if cell.samples > 1 { format!(" [{}]", number(best)) } else { String::new() };
    format!("{}{best}{}", number(cell.median), cell.noise.mark())
}

/// Ours beside the floor, and beside the best of the others.
fn ratios(grid: &Grid) -> Vec<Vec<String>> {
    let mut rows = Vec::new();
    if let Some(floor) = grid.floor() {
        rows.push(row(&format!("*ours ÷ {floor}*"), grid, |case| {
            ratio(grid.cell(OURS, &case.name)?, grid.cell(floor, &case.name)?)
        }));
    }
    if grid.peers.iter().any(|peer| peers::of(peer).kind == Kind::Other) {
        rows.push(row("*ours ÷ best other*", grid, |case| {
            let (peer, cell) = grid.best_other(&case.name)?;
            Some(format!("{} {peer}", ratio(grid.cell(OURS, &case.name)?, cell)?))
        }));
    }
    rows
}

fn ratio(ours: &Cell, theirs: &Cell) -> Option<String> {
    let noise: Noise = ours.noise.max(theirs.noise);
    (theirs.median != 0.0).then(|| format!("{:.2}{}", ours.median / theirs.median, noise.mark()))
}

/// Three digits at least, and all before the point, in threes.
pub(super) fn number(value: f64) -> String {
    let size = value.abs();
    if size >= 1000.0 || (size.fract() == 0.0 && size < 1000.0) {
        return in_threes(&format!("{value:.0}"));
    }
    match size {
        100.0.. => format!("{value:.0}"),
        10.0.. => format!("{value:.1}"),
        _ => format!("{value:.2}"),
    }
}

fn in_threes(digits: &str) -> String {
    let mut text = String::new();
    for (at, digit) in digits.char_indices() {
        let left = digits.len() - at;
        if at > 0 && left.is_multiple_of(3) && !text.ends_with('-') {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

fn aligned(rows: &[Vec<String>]) -> String {
    let columns = rows.first().map_or(0, Vec::len);
    let width = |at: usize| {
        rows.iter().filter_map(|row| row.get(at)).map(|cell| cell.chars().count()).max()
    };
    let widths: Vec<usize> = (0..columns).map(|at| width(at).unwrap_or(0).max(4)).collect();
    let mut text = String::new();
    for (at, row) in rows.iter().enumerate() {
        for (at, (cell, width)) in row.iter().zip(&widths).enumerate() {
            _ = match at {
                0 => write!(text, "| {cell:<width$} "),
                _ => write!(text, "| {cell:>width$} "),
            };
        }
        text.push_str("|\n");
        if at == 0 {
            text.push_str(&rule(&widths));
        }
    }
    text
}

fn rule(widths: &[usize]) -> String {
    let column = |(at, width): (usize, &usize)| match at {
        0 => format!("|{}", "-".repeat(width + 2)),
        _ => format!("|{}:", "-".repeat(width + 1)),
    };
    format!("{}|\n", widths.iter().enumerate().map(column).collect::<String>())
}

/// How cells are read.
const LEGEND: &str = "
A cell is the median of the rounds, and in brackets the best of them. `~`: something else disturbed some of the rounds, \
which are left out of it; `~~`: it disturbed all of them, so they had to be taken. `–`: not measured, or the program \
cannot do it.
";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::grid::tests::sample;
    use crate::report::kept::tests::machine;
    use crate::sample::Sample;

    #[test]
    fn writes_numbers_for_people() {
        let written = [0.0, 0.051, 4.0, 7.391, 12.34, 567.8, 999.6, 1234.6, 1_234_567.0, -1234.0];
        let expected =
            ["0", "0.05", "4", "7.39", "12.3", "568", "1000", "1,235", "1,234,567", "-1,234"];
        assert_eq!(written.map(number), expected);
    }

    #[test]
    fn writes_a_table() {
        let noisy = Sample { noisy: true, round: 2, ..sample("speed.cpu", "axum", "json", 20.0) };
        let samples = [
            sample("speed.cpu", "axum", "json", 8.0),
            noisy,
            sample("speed.cpu", "tokio", "json", 6.0),
            sample("speed.cpu", "tokio", "post", 6.5),
            sample("speed.cpu", OURS, "json", 6.6),
            Sample { round: 2, ..sample("speed.cpu", OURS, "json", 6.4) },
        ];
        let expected = "\
## Server CPU per request (µs/req)

64 connections; the kernel's share is in it. Less is better.

|                     |         json | post |
|---------------------|-------------:|-----:|
| tokio               |            6 | 6.50 |
| **counterpart**     |   6.50 [6.4] |    – |
| axum                |          8 ~ |    – |
| *ours ÷ tokio*      |         1.08 |    – |
| *ours ÷ best other* | 0.81 ~ axum |    – |

";
        let written = section(&Grid::all(&samples)[0]);
        let squeezed = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        assert_eq!(
            squeezed(&written).replace("6.40", "6.4").replace('-', ""),
            squeezed(expected).replace('-', "")
        );
    }

    #[test]
    fn says_where_it_was_measured() {
        let runs = [machine("A fast one", "speed"), machine("A fast one", "idle --all")];
        let text = heading(&runs);
        assert!(text.contains("A fast one, 2 processors, Linux 6.18."), "{text}");
        assert!(text.contains("* 2026-11-22: `./run idle --all`, 1.95.0"), "{text}");
    }
}
