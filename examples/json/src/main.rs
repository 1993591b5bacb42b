//! A notebook in memory, in two modules: `cargo run --bin json`.

#![allow(missing_docs, reason = "a program, whose modules are its own")]

pub mod notes;
pub mod tags;

use counterpart::prelude::*;

use notes::Notebook;

// ANCHOR: api
api!(Notes: notes::{create, read, replace, remove, list});
api!(Tags: tags::{all, of_note});
api!(Site: Notes at "/notes", Tags at "/tags");
// ANCHOR_END: api

// ANCHOR: app
fn app() -> App {
    App::new().state(Notebook::default()).mount(Site)
}
// ANCHOR_END: app

#[counterpart::main]
async fn main() -> counterpart::Result<()> {
    support::flags::read(&[]).serve(app()).await
}

#[cfg(test)]
mod tests;
