//! A file server: `cargo run --bin files -- DIR`.
//!
//! Read in this order: `options` (what it may be told), `plan` (what that means), `site` (the files and what stands
//! around them), `auth`, `cors`, `coding`, `keys`.

mod auth;
mod coding;
mod cors;
mod keys;
mod options;
mod plan;
mod site;

use std::path::Path;
use std::process::exit;

use counterpart::server::{Address, Workers};
use support::flags::announced;

use options::Options;
use plan::{Complaints, Plan};

#[counterpart::main]
async fn main() -> counterpart::Result<()> {
    let plan = Plan::of(&Options::read()).unwrap_or_else(|complaints| refuse(&complaints));
    // One for each core: a download that never waits stays where its connection is.
    let mut workers = Workers::bind(&plan.address).await?.with_config(plan.config);
    if let Some(tls) = &plan.tls {
        workers = workers.with_tls(tls);
    }
    if plan.exposed {
        eprintln!("warning: passwords can be read on their way here; --tls-cert hides them");
    }
    let banner = banner(&plan.folder, workers.addresses());
    Ok(announced(workers.serve(plan.site), &banner).await?)
}

fn banner<'a>(folder: &Path, addresses: impl Iterator<Item = &'a Address>) -> String {
    let listening = addresses.map(|address| format!("listening on {address}\n"));
    let folder = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
    format!("{}serving {}\n", listening.collect::<String>(), folder.display())
}

/// Says all that is wrong with the options.
fn refuse(Complaints(complaints): &Complaints) -> ! {
    for complaint in complaints {
        eprintln!("error: {complaint}");
    }
    eprintln!("`files --help` tells what there is");
    exit(2)
}
