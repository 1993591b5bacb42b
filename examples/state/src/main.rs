//! A blackboard on which members write: `cargo run --bin state`.

#![allow(missing_docs, reason = "a program, whose modules are its own")]

pub mod board;
pub mod session;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

use counterpart::prelude::*;

use board::{Board, Motto};
use session::Members;

// ANCHOR: server
/// For how many seconds has the server been up?
#[get("/uptime")]
fn uptime(#[server] started: &Instant) -> u64 {
    started.elapsed().as_secs()
}
// ANCHOR_END: server

// ANCHOR: ready
#[derive(Debug, PartialEq, ApiError)]
enum Unready {
    #[error(503, "the server is being stopped")]
    Draining,
}

/// Shall new requests come here?
#[get("/ready")]
fn ready(lifecycle: &Lifecycle) -> Result<(), Unready> {
    if lifecycle.is_draining() { Err(Unready::Draining) } else { Ok(()) }
}
// ANCHOR_END: ready

api!(Blackboard: board::{read, write, greet, wipe}, session::members, uptime, ready);

// ANCHOR: app
fn app(file: PathBuf) -> counterpart::Result<App> {
    let board = Arc::new(Board::open(&file)?);
    let kept = board.clone();
    Ok(App::new()
        .shared(board)
        .state(Members::of([("s3cret", "ada"), ("pssst", "grace")]))
        .state(Motto("be brief".into()))
        .state(Instant::now())
        .mount(Blackboard)
        .on_shutdown(async move || kept.save(&file)))
}
// ANCHOR_END: app

#[counterpart::main]
async fn main() -> counterpart::Result<()> {
    let flags = support::flags::read(&[("file", "board.txt")]);
    flags.serve(app(flags.get("file").into())?).await
}

#[cfg(test)]
mod tests;
