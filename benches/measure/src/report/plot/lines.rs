//! Lines: the cases' numbers across, a panel for each series. Few numbers are powers of something and stand on a
//! logarithmic scale, many are moments and stand on an even one.

use super::super::grid::{Case, Grid, firsts};
use super::super::peers::{self, Kind};
use super::super::svg::{Anchor, Drawing};
use super::super::table::number;
use super::{MARGIN, TOP, WIDTH, class};

/// How much room the numbers at the left have.
const NUMBERS: f64 = 64.0;

const HEIGHT: f64 = 280.0;

/// Beyond this ratio of the greatest to the least, the upright scale is logarithmic too.
const WIDE: f64 = 30.0;

/// Draws names and panels, and says where they end.
pub(super) fn draw(drawing: &mut Drawing, grid: &Grid) -> f64 {
    let mut top = legend(drawing, grid) + 28.0;
    let series = firsts(grid.cases.iter().map(|case| &*case.series));
    for name in series {
        if !name.is_empty() {
            drawing.text((MARGIN + NUMBERS, top), Anchor::Start, "faint", name);
            top += 10.0;
        }
        let cases: Vec<&Case> = grid.cases.iter().filter(|case| case.series == name).collect();
        Panel::new(grid, cases, top).draw(drawing);
        top += HEIGHT + 48.0;
    }
    top - 20.0
}

fn legend(drawing: &mut Drawing, grid: &Grid) -> f64 {
    let (mut x, mut y) = (MARGIN, TOP);
    for peer in &grid.peers {
        let width = 34.0 + 7.2 * f64::from(u16::try_from(peer.len()).unwrap_or(u16::MAX));
        if x + width > WIDTH - MARGIN {
            (x, y) = (MARGIN, y + 20.0);
        }
        drawing.bar((x, y), (12.0, 12.0), peers::of(peer).colour, "quiet");
        drawing.text((x + 17.0, y + 10.5), Anchor::Start, class(peer), peer);
        x += width;
    }
    y + 12.0
}

/// One coordinate system.
#[derive(Debug)]
struct Panel<'a> {
    grid: &'a Grid,
    cases: Vec<&'a Case>,
    top: f64,
    /// The least and the greatest value of each scale, as it is laid out.
    across: (f64, f64),
    upright: (f64, f64),
    /// Whether the upright scale is logarithmic.
    log: bool,
    /// Where a number lies across.
    place: fn(f64) -> f64,
}

impl<'a> Panel<'a> {
    fn new(grid: &'a Grid, cases: Vec<&'a Case>, top: f64) -> Self {
        let place = if grid.few_cases().len() < grid.cases.len() { evenly } else { by_powers };
        let xs = || cases.iter().filter_map(|case| case.number).map(place);
        let across = (xs().fold(f64::MAX, f64::min), xs().fold(f64::MIN, f64::max));
        let cells = || {
            cases
                .iter()
                .flat_map(|case| grid.peers.iter().filter_map(|peer| grid.cell(peer, &case.name)))
        };
        let least = cells().map(|cell| cell.median).fold(f64::MAX, f64::min);
        let most = cells().map(|cell| cell.median).fold(f64::MIN_POSITIVE, f64::max);
        let log = least > 0.0 && most / least > WIDE;
        let upright =
            if log { (least.log10().floor(), most.log10().ceil()) } else { (0.0, most * 1.05) };
        Self { grid, cases, top, across, upright, log, place }
    }

    fn draw(&self, drawing: &mut Drawing) {
        for value in self.ticks() {
            let y = self.y(value);
            drawing.rule((MARGIN + NUMBERS, y), (WIDTH - MARGIN, y), "rule");
            drawing.text((MARGIN + NUMBERS - 8.0, y + 4.0), Anchor::End, "small", &number(value));
        }
        for case in self.grid.few_cases().into_iter().filter(|case| self.cases.contains(case)) {
            let label = case.name.strip_prefix(&*case.series).unwrap_or(&case.name).trim_start();
            drawing.text((self.x(case), self.top + HEIGHT + 18.0), Anchor::Middle, "small", label);
        }
        // Ours last, so that it lies on top.
        let (ours, others): (Vec<_>, Vec<_>) =
            self.grid.peers.iter().partition(|peer| peers::of(peer).kind == Kind::Ours);
        others.into_iter().chain(ours).for_each(|peer| self.line(drawing, peer));
    }

    fn line(&self, drawing: &mut Drawing, peer: &str) {
        let known =
            self.cases.iter().filter_map(|case| Some((case, self.grid.cell(peer, &case.name)?)));
        let points: Vec<_> =
            known.map(|(case, cell)| (self.x(case), self.y(cell.median))).collect();
        let known = peers::of(peer);
        drawing.path(&points, known.colour, if known.kind == Kind::Ours { 3.0 } else { 1.7 });
    }

    fn x(&self, case: &Case) -> f64 {
        let (least, most) = self.across;
        let part = ((self.place)(case.number.unwrap_or(0.0)) - least)
            / (most - least).max(f64::MIN_POSITIVE);
        let room = WIDTH - 2.0 * MARGIN - NUMBERS - 40.0;
        MARGIN + NUMBERS + 20.0 + part * room
    }

    fn y(&self, value: f64) -> f64 {
        let (least, most) = self.upright;
        let value = if self.log { value.log10() } else { value };
        self.top + HEIGHT * (1.0 - (value - least) / (most - least).max(f64::MIN_POSITIVE))
    }

    /// Round numbers, three to seven of them.
    fn ticks(&self) -> Vec<f64> {
        let (least, most) = self.upright;
        let step = if self.log { 1.0 } else { step(most) };
        let mut at = least;
        let mut ticks = Vec::new();
        while at <= most {
            ticks.push(if self.log { 10_f64.powf(at) } else { at });
            at += step;
        }
        ticks
    }
}

const fn evenly(number: f64) -> f64 {
    number
}

/// Nothing at all is laid a bit left of 1.
fn by_powers(number: f64) -> f64 {
    if number > 0.0 { number.ln() } else { -2.0 }
}

/// 1, 2 or 5 and zeros, so that three to seven of it fill the scale.
fn step(most: f64) -> f64 {
    let power = 10_f64.powf((most / 3.0).log10().floor());
    let fits = [5.0, 2.0].into_iter().find(|times| most / (times * power) >= 3.0);
    fits.unwrap_or(1.0) * power
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_round() {
        assert_eq!([3.0, 7.0, 14.0, 40.0, 100.0, 0.9].map(step), [1.0, 2.0, 2.0, 10.0, 20.0, 0.2]);
    }

    #[test]
    fn lays_nothing_left_of_one() {
        assert!(by_powers(0.0) < by_powers(1.0) && by_powers(1.0) < by_powers(1024.0));
    }
}
