//! The command that measures: `measure FIGURE…`.
//!
//! Read in this order: `sample` (what comes out), `peers` (what is measured), `figures` (what there is to measure),
//! `turns` and `noise` (how), `load` (what the servers are asked by), `report` (what is written).

mod figures;
mod load;
mod machine;
mod noise;
mod peers;
mod process;
mod report;
mod sample;
mod stats;
mod turns;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result, bail, ensure};
use clap::Parser;

use figures::{FIGURES, Figure, Of};
use peers::{CLIENTS, Peer, SERVERS};
use sample::Machine;

/// Measures the servers and clients of this folder, in turns and rounds, and writes a table, a JSON file and plots.
#[derive(Debug, Parser)]
struct Flags {
    /// What to measure; `all` is everything but `soak`. Without any, they are listed.
    figures: Vec<String>,
    /// Which programs, by name; otherwise the usual ones.
    #[arg(long, value_delimiter = ',')]
    peers: Vec<String>,
    /// The unusual ones too.
    #[arg(long)]
    all: bool,
    /// How often everything is measured.
    #[arg(long, default_value_t = 5)]
    rounds: u32,
    /// How long each time.
    #[arg(long, default_value_t = 3.0)]
    seconds: f64,
    /// One round of one second, to try it.
    #[arg(long)]
    quick: bool,
    /// Which processors: the server's and the load's.
    #[arg(long, value_delimiter = ',', default_values_t = [0, 1])]
    cpus: Vec<usize>,
    /// The folder for the results; otherwise `results` where cargo builds.
    #[arg(long)]
    out: Option<PathBuf>,
}

/// What every figure is told.
#[derive(Clone, Debug)]
pub struct Run {
    /// The servers to measure, in the order of the table.
    pub servers: Vec<Peer>,
    /// The clients to measure.
    pub clients: Vec<Peer>,
    /// How often everything is measured.
    pub rounds: u32,
    /// How long each time.
    pub seconds: f64,
    /// The processor of the server.
    pub server_cpu: usize,
    /// The processor of the load; the same one where there is but one.
    pub load_cpu: usize,
}

fn main() -> ExitCode {
    match measure(Flags::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::FAILURE
        }
    }
}

fn measure(flags: Flags) -> Result<()> {
    let figures = chosen(&flags.figures)?;
    if figures.is_empty() {
        FIGURES.iter().for_each(|figure| println!("{:<14}{}", figure.name, figure.about));
        return Ok(());
    }
    let run = Run::of(&flags)?;
    build(&run, &figures)?;
    let machine = Machine::here();
    machine::raise_open_files()?;
    let out = flags.out.unwrap_or_else(|| peers::target().join("results"));
    let mut failed = Vec::new();
    for figure in figures {
        eprintln!("{}: {}", figure.name, figure.about);
        machine::pin(&[run.load_cpu])?;
        // What was measured is written before the next hour of measuring.
        let done = (figure.measure)(&run).and_then(|it| report::write(&it, &machine, &out));
        failed.extend(done.err().map(|error| format!("{}: {error:#}", figure.name)));
    }
    ensure!(failed.is_empty(), "{}", failed.join("\n"));
    eprintln!("written to {}", out.display());
    Ok(())
}

/// `all` is everything that takes minutes.
fn chosen(names: &[String]) -> Result<Vec<&'static Figure>> {
    if names.iter().any(|name| name == "all") {
        return Ok(FIGURES.iter().filter(|figure| figure.name != "soak").collect());
    }
    let by_name = |name: &String| {
        let figure = FIGURES.iter().find(|figure| figure.name == name);
        figure.with_context(|| format!("there is no figure `{name}`; without any, they are listed"))
    };
    names.iter().map(by_name).collect()
}

fn build(run: &Run, figures: &[&Figure]) -> Result<()> {
    let mut programs = Vec::new();
    if figures.iter().any(|figure| figure.of == Of::Servers) {
        programs.extend(&run.servers);
    }
    if figures.iter().any(|figure| figure.of == Of::Clients) {
        programs.extend(&run.clients);
        programs.push(SERVERS[0]);
    }
    peers::build(&programs)
}

impl Run {
    fn of(flags: &Flags) -> Result<Self> {
        let known: Vec<&str> = SERVERS.iter().chain(&CLIENTS).map(|peer| peer.name).collect();
        if let Some(name) = flags.peers.iter().find(|name| !known.contains(&name.as_str())) {
            bail!("there is no peer `{name}`; there are {}", known.join(", "));
        }
        let chosen = |peer: &&Peer| match flags.peers.as_slice() {
            [] => peer.usual || flags.all,
            names => names.iter().any(|name| name == peer.name),
        };
        let (server_cpu, load_cpu) = places(&flags.cpus)?;
        Ok(Self {
            servers: SERVERS.iter().filter(chosen).copied().collect(),
            clients: CLIENTS.iter().filter(chosen).copied().collect(),
            rounds: if flags.quick { 1 } else { flags.rounds.max(1) },
            seconds: if flags.quick { 1.0 } else { flags.seconds },
            server_cpu,
            load_cpu,
        })
    }
}

/// Two of the processors that were asked for and are there.
fn places(asked: &[usize]) -> Result<(usize, usize)> {
    let there = machine::cpus();
    let both: Vec<usize> = asked.iter().copied().filter(|cpu| there.contains(cpu)).collect();
    match both[..] {
        [server, load, ..] => Ok((server, load)),
        [one] => {
            eprintln!(
                "one processor alone: the load runs on the server's, and requests per second say little"
            );
            Ok((one, one))
        }
        [] => bail!("none of the processors {asked:?} is there; there are {there:?}"),
    }
}
