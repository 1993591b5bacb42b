//! How figures are called where people read them.

/// A figure in words.
#[derive(Clone, Copy, Debug)]
pub(super) struct About {
    /// As in the samples.
    pub(super) figure: &'static str,
    /// Over its table and its plot.
    pub(super) title: &'static str,
    /// What one has to know to read it.
    pub(super) note: &'static str,
}

const fn about(figure: &'static str, title: &'static str, note: &'static str) -> About {
    About { figure, title, note }
}

/// In the order of the page. A figure that is not listed comes last, under its own name.
const FIGURES: [About; 43] = [
    about("speed.cpu", "Server CPU per request", "64 connections; the kernel's share is in it"),
    about("speed.requests", "Requests per second", "64 connections, one server thread"),
    about(
        "speed.p50",
        "Latency, median",
        "64 connections that never pause, so it follows from the rate",
    ),
    about("speed.p99", "Latency that 99 of 100 keep below", "64 connections"),
    about("speed.p999", "Latency that 999 of 1,000 keep below", "64 connections"),
    about("pipeline.cpu", "Server CPU per pipelined request", SIXTEEN),
    about("pipeline.requests", "Pipelined requests per second", SIXTEEN),
    about(
        "instructions.count",
        "Instructions per request",
        "in user space, without memcpy, memmove and memset; 64 connections in lock step",
    ),
    about(
        "instructions.copying",
        "Instructions inside of memcpy, memmove and memset",
        "short copies are written out in place and counted above",
    ),
    about(
        "instructions.moved",
        "Bytes copied per request",
        "by memcpy, memmove and their like; memset is not among them",
    ),
    about(
        "allocations",
        "Allocations per request",
        "calls of malloc, calloc, realloc and their like",
    ),
    about("syscalls", "System calls for one GET /json", "64 connections in lock step"),
    about(
        "idle",
        "Memory of an idle connection",
        "anonymous memory, after one request on each of 10,000, or of 1,000 by TLS",
    ),
    about(
        "routes.cpu",
        "Server CPU per request, by number of routes",
        "the requests go to all of them",
    ),
    about(
        "routes.requests",
        "Requests per second, by number of routes",
        "the requests go to all of them",
    ),
    about(
        "routes.one",
        "Server CPU per request to one of many routes",
        "always the same: the search alone, without memory that is not in the cache",
    ),
    about(
        "routes.one-requests",
        "Requests per second to one of many routes",
        "always the same route",
    ),
    about("bodies.rate", "Speed of bodies", "64 connections, 8 from 1 MiB on"),
    about("bodies.cpu", "Server CPU for each MiB of bodies", "64 connections, 8 from 1 MiB on"),
    about("bodies.small", "Server CPU per request with a small body", "64 connections"),
    about(
        "bodies.peak",
        "Most memory the server held, by size of bodies",
        "64 connections, 8 from 1 MiB on",
    ),
    about(
        "headers.cpu",
        "Server CPU per request, by number of fields",
        "14 are those of a browser",
    ),
    about(
        "headers.requests",
        "Requests per second, by number of fields",
        "14 are those of a browser",
    ),
    about(
        "connections.cpu",
        "Server CPU per request, by number of connections",
        "GET /json, all of them busy",
    ),
    about(
        "connections.requests",
        "Requests per second, by number of connections",
        "GET /json, all of them busy",
    ),
    about(
        "connections.p99",
        "Latency that 99 of 100 keep below, by number of connections",
        "all of them busy, so it grows with them",
    ),
    about("tls.cpu", "Server CPU per request by TLS", "GET /json on 64 connections"),
    about("tls.requests", "Requests per second by TLS", "GET /json on 64 connections"),
    about(
        "tls.handshake-cpu",
        "Server CPU per TLS handshake",
        "whole ones, and a request after each",
    ),
    about("tls.handshakes", "TLS handshakes per second", "whole ones, and a request after each"),
    about(
        "workers.cpu",
        "Server CPU per request, by number of workers",
        "the load runs on the same two processors",
    ),
    about(
        "workers.requests",
        "Requests per second, by number of workers",
        "the load runs on the same two processors",
    ),
    about(
        "workers.gain",
        "What two workers do in the time of one",
        "by CPU per request, as the load is on the same two processors",
    ),
    about("soak.rss", "Memory under load, by seconds", "good and bad clients at once"),
    about("soak.peak", "Most memory under load", "good and bad clients at once"),
    about("soak.slope", "Growth of memory under load", "after the first fifth of the time"),
    about(
        "clients.cpu",
        "Client CPU per call, by calls at a time",
        "GET /json from the epoll server",
    ),
    about(
        "clients.calls",
        "Calls per second, by calls at a time",
        "GET /json from the epoll server",
    ),
    about("clients.p50", "Time of a call, median, by calls at a time", ""),
    about("clients.p99", "Time that 99 of 100 calls keep below, by calls at a time", ""),
    about(
        "size.build",
        "Clean release build",
        "offline, into an empty folder; `hello` is `examples/hello`",
    ),
    about("size.binary", "Size of the program, stripped", "`hello` is `examples/hello`"),
    about("size.crates", "Crates in the program", "with itself; `hello` is `examples/hello`"),
];

const SIXTEEN: &str = "GET /plaintext, 16 at once on each of 64 connections";

/// Its title; the figure's own name, if it has none.
pub(super) fn title(figure: &str) -> &str {
    of(figure).map_or(figure, |about| about.title)
}

/// What is said under the title; may be nothing.
pub(super) fn note(figure: &str) -> &'static str {
    of(figure).map_or("", |about| about.note)
}

/// Where its table stands.
pub(super) fn rank(figure: &str) -> usize {
    FIGURES.iter().position(|about| about.figure == figure).unwrap_or(FIGURES.len())
}

fn of(figure: &str) -> Option<&'static About> {
    FIGURES.iter().find(|about| about.figure == figure)
}
