//! What was measured, written down: tables, the goals, plots, and all samples as JSON.
//!
//! Here: `statistics` (what many samples of one thing say), `grid` (a table's content), `about` (how a figure is called
//! and which way is better), `peers` (order and colours), then what is made of them: `table`, `goals`, `plot`; `kept`
//! puts it beside what earlier runs wrote. Not here: measuring. Read in this order.

mod about;
mod goals;
mod grid;
mod kept;
mod peers;
mod plot;
mod statistics;
mod svg;
mod table;

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

use crate::sample::{Machine, Sample};
use grid::Grid;
use kept::Kept;

/// Writes `TABLE.md`, `results.json` and a plot for each table to `folder`, and the tables to the terminal.
///
/// What an earlier run left there stays, but for the peers of the figures that were measured now: those are replaced.
/// So one table is put together from several runs.
///
/// # Errors
///
/// If the folder cannot be written, or holds results of another machine.
pub fn write(samples: &[Sample], machine: &Machine, folder: &Path) -> Result<()> {
    fs::create_dir_all(folder).with_context(|| format!("{} cannot be made", folder.display()))?;
    let results = folder.join("results.json");
    let kept = Kept::read(&results)?.with(machine, samples)?;
    save(&results, &kept.to_json()?)?;
    let grids = Grid::all(&kept.samples);
    for grid in &grids {
        save(&folder.join(format!("{}.svg", grid.file_name())), &plot::of(grid))?;
    }
    save(&folder.join("TABLE.md"), &page(&kept, &grids))?;
    print!("{}", said(&grids, samples));
    Ok(())
}

fn save(path: &Path, text: &str) -> Result<()> {
    fs::write(path, text).with_context(|| format!("{} cannot be written", path.display()))
}

/// All of it, as Markdown.
fn page(kept: &Kept, grids: &[Grid]) -> String {
    let tables: String = grids.iter().map(table::section_with_plot).collect();
    let goals = goals::section(grids) + &goals::open(grids);
    format!("{}\n{goals}\n{tables}", table::heading(&kept.runs))
}

/// What was measured just now, for the terminal.
fn said(grids: &[Grid], samples: &[Sample]) -> String {
    let measured = |grid: &&Grid| samples.iter().any(|sample| sample.figure == grid.figure);
    let grids: Vec<Grid> = grids.iter().filter(measured).cloned().collect();
    grids.iter().map(table::section).collect::<String>() + &goals::section(&grids)
}
