//! `bodies`: what content costs, in both directions, and how much of it a server holds.

use std::net::SocketAddr;

use anyhow::Result;
use serde_json::json;

use super::trial::{MIB, Trial, trial};
use crate::Run;
use crate::load::{Content, Expected, Plan, Tally, get, post};
use crate::sample::Sample;
use crate::turns::{Case, Reading, Value, turns};

/// Which way, and how many bytes.
#[derive(Clone, Copy, Debug)]
enum Body {
    Up(u64),
    Down(u64),
}

/// From nothing to 100 MiB, up and down.
///
/// # Errors
///
/// None; a server that cannot is left out.
pub fn bodies(run: &Run) -> Result<Vec<Sample>> {
    let bodies: Vec<Body> = SIZES.iter().flat_map(|&it| [Body::Up(it), Body::Down(it)]).collect();
    Ok(turns(run, &run.servers, &bodies, |peer, body| {
        let trial = trial(run, peer, &[], |address| body.plan(address))?;
        Ok(body.reading(&trial))
    }))
}

impl Body {
    fn plan(self, address: SocketAddr) -> Plan {
        let plan = match self {
            Self::Up(bytes) => up(address, bytes),
            Self::Down(bytes) => {
                let expected = Expected { status: 200, content: Content::Length(bytes) };
                Plan::of(address, get(&format!("/download/{bytes}"), &[]), expected)
            }
        };
        Plan { connections: if self.is_small() { 64 } else { 8 }, ..plan }
    }

    /// Small ones are counted, large ones are weighed: their last ones are not whole when the time is over.
    fn reading(self, trial: &Trial) -> Reading {
        let counted = Value::new("bodies.small", trial.cpu_per_answer(), "µs/req");
        let counted = self.is_small().then_some(counted);
        let mib = self.mib(&trial.tally);
        let weighed = (mib > 0.0).then(|| {
            let cpu = Value::new("bodies.cpu", trial.cpu() / mib, "µs/MiB");
            [cpu, Value::new("bodies.rate", mib / trial.tally.took.as_secs_f64(), "MiB/s")]
        });
        let peak = Value::new("bodies.peak", trial.peak_mib(), "MiB");
        trial.reading(counted.into_iter().chain(weighed.into_iter().flatten()).chain([peak]))
    }

    /// How much content there was, in this direction alone.
    #[expect(clippy::cast_precision_loss, reason = "there are never 2^52 bytes")]
    fn mib(self, tally: &Tally) -> f64 {
        let bytes = match self {
            _ if self.is_small() => tally.answers * self.bytes(),
            Self::Up(_) => tally.sent,
            Self::Down(_) => tally.received,
        };
        bytes as f64 / MIB
    }

    fn is_small(self) -> bool {
        self.bytes() <= 16 * 1024
    }

    fn bytes(self) -> u64 {
        match self {
            Self::Up(bytes) | Self::Down(bytes) => bytes,
        }
    }
}

impl Case for Body {
    /// `up 16 KiB`
    fn name(&self) -> String {
        let way = if matches!(self, Self::Up(_)) { "up" } else { "down" };
        match self.bytes() {
            bytes @ 0..1024 => format!("{way} {bytes} B"),
            bytes @ 1024..0x10_0000 => format!("{way} {} KiB", bytes >> 10),
            bytes => format!("{way} {} MiB", bytes >> 20),
        }
    }
}

/// What is small stands in the request itself, as clients send it; more is never held.
fn up(address: SocketAddr, bytes: u64) -> Plan {
    let expected = Expected { status: 200, content: Content::Json(json!({ "bytes": bytes })) };
    let here = if bytes <= 64 * 1024 { bytes } else { 0 };
    let content = vec![0; usize::try_from(here).unwrap_or_default()];
    let request = post("/upload", "application/octet-stream", bytes, &content);
    Plan { upload: bytes - here, ..Plan::of(address, request, expected) }
}

const SIZES: [u64; 6] = [0, 1 << 10, 16 << 10, 1 << 20, 16 << 20, 100 << 20];
