//! Bars: a panel for each case, in it one for each program, all on the same scale.

use super::super::grid::Grid;
use super::super::peers;
use super::super::statistics::{Cell, Noise};
use super::super::svg::{Anchor, Drawing};
use super::super::table::number;
use super::{MARGIN, TOP, WIDTH, class};
use crate::stats::median;

/// How much room names have.
const NAMES: f64 = 104.0;

/// How much the number behind a bar has.
const NUMBER: f64 = 62.0;

/// From bar to bar.
const STEP: f64 = 20.0;

const BAR: f64 = 13.0;

/// How many panels stand beside each other.
const ACROSS: usize = 5;

/// Draws all panels, and says where they end.
pub(super) fn draw(drawing: &mut Drawing, grid: &Grid) -> f64 {
    let longest = longest(grid);
    let across = grid.cases.len().clamp(2, ACROSS);
    let width = (WIDTH - 2.0 * MARGIN - NAMES) / count(across);
    let height = 24.0 + STEP * count(grid.peers.len());
    let mut y = TOP;
    for row in grid.cases.chunks(across) {
        names(drawing, grid, y + 24.0);
        for (at, case) in row.iter().enumerate() {
            let x = MARGIN + NAMES + width * count(at);
            drawing.text((x, y + 12.0), Anchor::Start, "faint", &case.name);
            drawing.rule((x, y + 19.0), (x, y + height), "rule");
            let scale = (width - NUMBER) / longest;
            panel(drawing, grid, &case.name, (x, y + 24.0), scale);
        }
        y += height + 14.0;
    }
    y - 14.0
}

fn names(drawing: &mut Drawing, grid: &Grid, top: f64) {
    for (at, peer) in grid.peers.iter().enumerate() {
        let y = top + STEP * count(at) + 11.0;
        drawing.text((MARGIN + NAMES - 8.0, y), Anchor::End, class(peer), peer);
    }
}

fn panel(drawing: &mut Drawing, grid: &Grid, case: &str, (x, top): (f64, f64), scale: f64) {
    for (at, peer) in grid.peers.iter().enumerate() {
        let y = top + STEP * count(at);
        match grid.cell(peer, case) {
            Some(cell) => bar(drawing, peer, cell, (x, y), (scale, longest(grid))),
            None => drawing.text((x + 6.0, y + 11.0), Anchor::Start, "small", "–"),
        }
    }
}

fn bar(
    drawing: &mut Drawing,
    peer: &str,
    cell: &Cell,
    (x, y): (f64, f64),
    (scale, longest): (f64, f64),
) {
    let width = (cell.median.min(longest) * scale).max(1.0);
    let look = if cell.noise == Noise::All { "noisy" } else { "quiet" };
    drawing.bar((x, y), (width, BAR), peers::of(peer).colour, look);
    if cell.median > longest {
        let cut = x + width - 16.0;
        drawing.rule((cut, y + BAR + 1.0), (cut + 6.0, y - 1.0), "cut");
    }
    let text = format!("{}{}", number(cell.median), cell.noise.mark());
    drawing.text((x + width + 5.0, y + 11.0), Anchor::Start, class(peer), &text);
}

/// Where bars are cut, so that one program that is far off does not press the others flat.
fn longest(grid: &Grid) -> f64 {
    let longest = |peer: &String| {
        let cells = grid.cases.iter().filter_map(|case| grid.cell(peer, &case.name));
        cells.map(|cell| cell.median).fold(0.0, f64::max)
    };
    let peers: Vec<f64> = grid.peers.iter().map(longest).collect();
    let most = peers.iter().copied().fold(0.0, f64::max);
    let usual = median(peers).unwrap_or(most);
    let limit = if usual > 0.0 { most.min(3.0 * usual) } else { most };
    if limit > 0.0 { limit } else { 1.0 }
}

#[expect(clippy::cast_precision_loss, reason = "there are few of anything in a plot")]
const fn count(n: usize) -> f64 {
    n as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::grid::tests::sample;

    #[test]
    fn cuts_bars_that_are_far_longer() {
        let of = |values: &[(&str, f64)]| {
            let samples: Vec<_> =
                values.iter().map(|&(peer, value)| sample("x", peer, "json", value)).collect();
            longest(&Grid::all(&samples)[0])
        };
        assert_eq!(of(&[("tokio", 5.0), ("axum", 6.0), ("python", 100.0)]), 18.0);
        assert_eq!(of(&[("tokio", 5.0), ("axum", 6.0)]), 6.0);
        assert_eq!(of(&[("tokio", 0.0)]), 1.0);
    }
}
