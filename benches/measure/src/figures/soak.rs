//! `soak`: whether a server's memory stays flat under everything that clients do, good and bad.

mod rude;

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use anyhow::Result;

use super::endpoints::Endpoint;
use crate::Run;
use crate::load::{Content, Expected, Load, Plan, get, post};
use crate::peers::{Launch, Peer, Server};
use crate::process::Process;
use crate::sample::Sample;
use crate::stats::slope;
use rude::Rude;

/// As long as `--seconds` says, once for each server.
///
/// # Errors
///
/// If a server answers wrong or dies.
pub fn soak(run: &Run) -> Result<Vec<Sample>> {
    let of_each = run.servers.iter().map(|peer| one(run, peer));
    Ok(of_each.collect::<Result<Vec<_>>>()?.concat())
}

fn one(run: &Run, peer: &Peer) -> Result<Vec<Sample>> {
    let server = Server::start(&Launch { peer, under: &[], flags: &[], cpus: &[run.server_cpu] })?;
    let points = points(run, &server)?;
    server.stop()?;
    let sample = |figure: &str, case: String, value: f64, unit: &str| Sample {
        figure: figure.into(),
        peer: peer.name.into(),
        case,
        value,
        unit: unit.into(),
        round: 1,
        noisy: false,
    };
    let point =
        |&(second, mib): &(f64, f64)| sample("soak.rss", format!("{second:.0}"), mib, "MiB");
    let most = points.iter().map(|point| point.1).fold(0.0, f64::max);
    let mut samples: Vec<Sample> = points.iter().map(point).collect();
    samples.push(sample("soak.peak", "most".into(), most, "MiB"));
    let later: Vec<_> = points.iter().copied().skip(points.len() / 5).collect();
    let growth = slope(&later).map(|mib_a_second| mib_a_second * 60.0 * 1024.0);
    samples.extend(growth.map(|kib| sample("soak.slope", "after a fifth".into(), kib, "KiB/min")));
    samples
        .iter()
        .rev()
        .take(2)
        .for_each(|it| eprintln!("  {} {}: {:.1} {}", it.peer, it.figure, it.value, it.unit));
    Ok(samples)
}

/// After how many seconds, how many MiB.
fn points(run: &Run, server: &Server) -> Result<Vec<(f64, f64)>> {
    let mut reads = Load::begin(reads(server.address))?;
    let mut writes = Load::begin(Plan { connections: 8, ..Endpoint::Post.plan(server.address) })?;
    let mut rude = Rude::new(server.address);
    let (began, mut points) = (Instant::now(), Vec::new());
    while began.elapsed().as_secs_f64() < run.seconds {
        reads.run(PERIOD.mul_f64(0.8))?;
        rude.misbehave()?;
        writes.run(PERIOD.mul_f64(0.2))?;
        points.push((began.elapsed().as_secs_f64(), resident(server.process())?));
    }
    Ok(points)
}

/// A bit of everything that is answered with 200.
fn reads(address: SocketAddr) -> Plan {
    let requests = vec![
        Endpoint::Plaintext.request(),
        Endpoint::Json.request(),
        Endpoint::User.request(),
        post("/upload", "application/octet-stream", 16 * 1024, &[0; 16 * 1024]),
        get("/download/65536", &[]),
    ];
    let expected = Expected { status: 200, content: Content::Any };
    Plan { requests, ..Plan::of(address, Vec::new(), expected) }
}

#[expect(clippy::cast_precision_loss, reason = "there are never 2^52 bytes")]
fn resident(process: Process) -> Result<f64> {
    Ok(process.memory()?.resident as f64 / 1024.0 / 1024.0)
}

/// How often the memory is looked at.
const PERIOD: Duration = Duration::from_secs(5);
