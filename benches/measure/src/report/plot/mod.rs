//! A plot of each table: bars where cases have names, lines where they are numbers.

mod bars;
mod lines;

use super::about;
use super::grid::{Grid, firsts};
use super::peers::{self, Kind};
use super::svg::{Anchor, Drawing};

/// How wide all of them are.
const WIDTH: f64 = 880.0;

/// How much is left free at the sides.
const MARGIN: f64 = 16.0;

/// Where the content begins, under the title and what is said below it.
const TOP: f64 = 64.0;

/// The plot of a table, as SVG.
pub(super) fn of(grid: &Grid) -> String {
    let mut drawing = Drawing::new(WIDTH);
    let title = format!("{} ({})", about::title(&grid.figure), grid.unit);
    drawing.text((MARGIN, 28.0), Anchor::Start, "title", &title);
    let better = if grid.is_rate() { "more is better" } else { "less is better" };
    let note = match about::note(&grid.figure) {
        "" => better.to_owned(),
        note => format!("{better}; {note}"),
    };
    drawing.text((MARGIN, 47.0), Anchor::Start, "faint", &note);
    let bottom = if is_curve(grid) {
        lines::draw(&mut drawing, grid)
    } else {
        bars::draw(&mut drawing, grid)
    };
    drawing.finish(bottom + MARGIN, &title)
}

/// Whether the cases are points on a scale, three at least.
fn is_curve(grid: &Grid) -> bool {
    let series = firsts(grid.cases.iter().map(|case| &case.series)).len();
    grid.cases.iter().all(|case| case.number.is_some()) && grid.cases.len() >= 3 * series
}

/// How a program's name is written.
fn class(peer: &str) -> &'static str {
    if peers::of(peer).kind == Kind::Ours { "ours" } else { "name" }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::grid::tests::sample;

    fn curve(cases: &[&str]) -> bool {
        let samples: Vec<_> = cases.iter().map(|case| sample("x", "axum", case, 1.0)).collect();
        is_curve(&Grid::all(&samples)[0])
    }

    #[test]
    fn draws_lines_through_numbers() {
        assert!(curve(&["10", "100", "1000"]));
        assert!(curve(&[
            "up 1 KiB",
            "up 1 MiB",
            "up 2 MiB",
            "down 1 KiB",
            "down 1 MiB",
            "down 2 MiB"
        ]));
        assert!(!curve(&["1", "64"]));
        assert!(!curve(&["plaintext", "json", "user"]));
    }

    #[test]
    fn names_every_peer_and_case() {
        let names = ["tokio", "counterpart", "axum"];
        let bars = names.map(|peer| sample("speed.cpu", peer, "json", 1.0));
        let drawn = of(&Grid::all(&bars)[0]);
        assert!(
            names.iter().all(|name| drawn.contains(name)) && drawn.contains(">json<"),
            "{drawn}"
        );
        let points = ["10", "100", "1000"].map(|case| sample("routes.cpu", "axum", case, 2.0));
        let drawn = of(&Grid::all(&points)[0]);
        assert!(drawn.contains("<polyline") && drawn.contains(">1000<"), "{drawn}");
    }
}
