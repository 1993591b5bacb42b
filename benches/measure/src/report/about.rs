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
const FIGURES: [About; 40] = [
    about(
        "speed.cpu",
        "Server CPU per request",
        "64 connections, one server thread; the kernel's share is in it",
    ),
    about("speed.requests", "Requests per second", "64 connections, one server thread"),
    about(
        "speed.p50",
        "Latency, median",
        "64 connections that never pause, so it follows from the rate",
    ),
    about("speed.p99", "Latency, 99 of 100 are faster", "64 connections"),
    about("speed.p999", "Latency, 999 of 1,000 are faster", "64 connections"),
    about(
        "pipeline.requests",
        "Pipelined requests per second",
        "GET /plaintext, 16 at a time on each of 64 connections",
    ),
    about(
        "pipeline.cpu",
        "Server CPU per pipelined request",
        "GET /plaintext, 16 at a time on each of 64 connections",
    ),
    about(
        "instructions.count",
        "Instructions per request",
        "in user space, under callgrind, 64 connections in lock step; without memcpy, memmove and memset",
    ),
    about(
        "instructions.copying",
        "Instructions inside of memcpy, memmove and memset, per request",
        "what the table above leaves out; short copies are written out in place and counted there",
    ),
    about(
        "instructions.moved",
        "Bytes copied per request",
        "by memcpy, memmove and their like, as DHAT counts them; memset is not among them",
    ),
    about(
        "allocations",
        "Allocations per request",
        "calls of malloc, calloc, realloc and their like",
    ),
    about(
        "syscalls.json",
        "System calls for one GET /json",
        "64 connections in lock step, under strace",
    ),
    about(
        "idle",
        "Memory of an idle connection",
        "anonymous memory, after one request on each: 10,000 connections, 1,000 by TLS",
    ),
    about(
        "routes.cpu",
        "Server CPU per request, by number of routes",
        "the requests go to all of them, in a fixed order that looks random",
    ),
    about("routes.requests", "Requests per second, by number of routes", ""),
    about("bodies.rate", "Speed of bodies", ""),
    about("bodies.cpu", "Server CPU for bodies", ""),
    about("bodies.peak", "Most memory the server held", ""),
    about(
        "headers.cpu",
        "Server CPU per request, by number of fields",
        "14 are those of a browser",
    ),
    about("headers.requests", "Requests per second, by number of fields", ""),
    about("connections.cpu", "Server CPU per request, by number of connections", ""),
    about("connections.requests", "Requests per second, by number of connections", ""),
    about("connections.p99", "Latency, 99 of 100 are faster, by number of connections", ""),
    about("tls.cpu", "Server CPU by TLS", ""),
    about("tls.requests", "Requests per second by TLS", "64 connections"),
    about("tls.handshakes", "TLS handshakes per second", ""),
    about(
        "workers.cpu",
        "Server CPU per request, by number of workers",
        "the load runs on the same two processors, so the rate says less than this",
    ),
    about("workers.requests", "Requests per second, by number of workers", ""),
    about("soak.slope", "Growth of memory under load", ""),
    about("soak.peak", "Most memory under load", ""),
    about(
        "clients.cpu",
        "Client CPU per call",
        "GET /json from the epoll server, by calls at a time",
    ),
    about("clients.p50", "Time of a call, median", ""),
    about("clients.p99", "Time of a call, 99 of 100 are faster", ""),
    about("clients.p999", "Time of a call, 999 of 1,000 are faster", ""),
    about("size.build", "Clean release build", "offline, into an empty folder, on two cores"),
    about("size.binary", "Size of the program, stripped", ""),
    about("size.crates", "Crates in the program", "normal dependencies, without its own"),
    about("hello.build", "Clean release build of a program that says hello", ""),
    about("hello.binary", "Size of a program that says hello", ""),
    about("hello.crates", "Crates in a program that says hello", ""),
];

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
