//! What there is to measure: one file for each figure, and their table.
//!
//! Each is a function that is told the run and gives samples. Most go by `turns`.

mod allocations;
mod bodies;
mod clients;
mod connections;
mod counting;
pub mod endpoints;
pub mod headers;
mod idle;
mod instructions;
mod routes;
mod size;
mod soak;
mod speed;
mod syscalls;
pub mod tls;
mod trial;
mod workers;

use anyhow::Result;

use crate::Run;
use crate::sample::Sample;

/// Something to measure.
#[derive(Debug)]
pub struct Figure {
    /// What it is asked for by, and what its samples' figures begin with.
    pub name: &'static str,
    /// One line about it.
    pub about: &'static str,
    /// Which programs must have been built.
    pub of: Of,
    /// What measures it.
    pub measure: fn(&Run) -> Result<Vec<Sample>>,
}

/// What programs a figure runs.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Of {
    /// Those in `servers/`.
    Servers,
    /// Those in `clients/`, and the first server for them to ask.
    Clients,
}

impl Figure {
    const fn of_servers(
        name: &'static str,
        measure: fn(&Run) -> Result<Vec<Sample>>,
        about: &'static str,
    ) -> Self {
        Self { name, about, of: Of::Servers, measure }
    }

    const fn of_clients(
        name: &'static str,
        measure: fn(&Run) -> Result<Vec<Sample>>,
        about: &'static str,
    ) -> Self {
        Self { name, about, of: Of::Clients, measure }
    }
}

/// All of them, in the order they are listed and measured in.
pub const FIGURES: &[Figure] = &[
    Figure::of_servers(
        "speed",
        speed::speed,
        "four endpoints at 64 connections: CPU per request, requests per second, p50, p99, p999",
    ),
    Figure::of_servers("pipeline", speed::pipeline, "GET /plaintext, sixteen requests at once"),
    Figure::of_servers(
        "instructions",
        instructions::instructions,
        "instructions per request and bytes copied, under callgrind and DHAT",
    ),
    Figure::of_servers("allocations", allocations::allocations, "allocations per request"),
    Figure::of_servers("syscalls", syscalls::syscalls, "system calls per GET /json, under strace"),
    Figure::of_servers("idle", idle::idle, "memory of an idle connection, of 10,000"),
    Figure::of_servers("routes", routes::routes, "GET one of 10, 100, 1,000 and 10,000 routes"),
    Figure::of_servers("bodies", bodies::bodies, "uploads and downloads of 0 bytes to 100 MiB"),
    Figure::of_servers(
        "headers",
        headers::headers,
        "GET /json with 2 to 60 fields; 14 are Chrome's",
    ),
    Figure::of_servers(
        "connections",
        connections::connections,
        "GET /json on 1 to 10,000 busy connections",
    ),
    Figure::of_servers("tls", tls::tls, "handshakes, and GET /json by TLS at 64 connections"),
    Figure::of_servers("workers", workers::workers, "two workers against one, on two processors"),
    Figure::of_servers(
        "soak",
        soak::soak,
        "memory in --seconds of good and bad clients, one round (not in `all`)",
    ),
    Figure::of_servers("size", size::size, "clean release build, stripped program, crates"),
    Figure::of_clients("clients", clients::clients, "CPU per call and latency, 1 and 64 at a time"),
];
