//! `size`: how long a clean build takes, how large the program is, and how many crates are in it.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};

use super::counting::once;
use crate::noise::Watch;
use crate::peers::{Peer, benches};
use crate::process;
use crate::sample::Sample;
use crate::turns::{Case, Reading, Value, turns};
use crate::{Run, machine};

/// What is built.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Built {
    /// The server of these benchmarks.
    Server,
    /// `examples/hello`, the least that Counterpart's users write.
    Hello,
}

/// Of each server, and of Counterpart's smallest example.
///
/// # Errors
///
/// None; what cannot be built is left out.
pub fn size(run: &Run) -> Result<Vec<Sample>> {
    let run = once(run);
    let measure = |peer: &Peer, built: &Built| built.package(peer)?.reading(&run);
    let mut samples = turns(&run, &run.servers, &[Built::Server], measure);
    let ours: Vec<Peer> =
        run.servers.iter().filter(|it| it.name == "counterpart").copied().collect();
    samples.extend(turns(&run, &ours, &[Built::Hello], measure));
    // Who else is busy changes the time alone.
    samples.iter_mut().filter(|it| it.figure != "size.build").for_each(|it| it.noisy = false);
    Ok(samples)
}

impl Built {
    fn package(self, peer: &Peer) -> Result<Package> {
        Ok(match self {
            Self::Server => {
                let name = peer.package().context("a script is not built")?;
                // One of a peer's own crates is called as its server is.
                Package { workspace: benches(), name, spec: format!("{name}@0.0.0") }
            }
            Self::Hello => {
                Package { workspace: benches().join(".."), name: "hello", spec: "hello".to_owned() }
            }
        })
    }
}

impl Case for Built {
    fn name(&self) -> String {
        format!("{self:?}").to_lowercase()
    }
}

/// A program that cargo builds.
#[derive(Debug)]
struct Package {
    workspace: PathBuf,
    /// Its binary's name.
    name: &'static str,
    /// Which package is meant, for cargo.
    spec: String,
}

impl Package {
    fn reading(&self, run: &Run) -> Result<Reading> {
        let crates = self.crates()?;
        self.cargo(&["fetch", "--quiet"])?;
        let target = Folder::new(self.name)?;
        let cpus = [run.server_cpu, run.load_cpu];
        machine::pin(&cpus)?;
        let (watch, before) = (Watch::begin(&cpus, &[])?, process::ended_children()?);
        let built = self.build(&target.0);
        let seen = watch.end()?.with(process::ended_children()?.saturating_sub(before));
        machine::pin(&[run.load_cpu])?;
        built?;
        let binary = fs::metadata(target.0.join("release").join(self.name))?.len();
        let values = vec![
            Value::new("size.build", seen.took.as_secs_f64(), "s"),
            Value::new("size.binary", kib(binary), "KiB"),
            Value::new("size.crates", crates, "crates"),
        ];
        Ok(Reading { values, disturbance: seen.disturbance() })
    }

    /// From nothing, and stripped.
    fn build(&self, target: &Path) -> Result<()> {
        let mut cargo =
            self.command(&["build", "--release", "--quiet", "--offline", "-p", &self.spec]);
        cargo.env("CARGO_TARGET_DIR", target).env("CARGO_PROFILE_RELEASE_STRIP", "symbols");
        ensure!(cargo.status()?.success(), "cargo could not build it");
        Ok(())
    }

    /// With itself, and without what only these benchmarks share.
    #[expect(clippy::cast_precision_loss, reason = "there are some hundreds")]
    fn crates(&self) -> Result<f64> {
        let tree = ["tree", "--no-dedupe", "-e", "normal", "--prefix", "none"];
        let tree = self.cargo(&[&tree[..], &["--format", "{p}", "-p", &self.spec]].concat())?;
        let counts = |line: &&str| !line.starts_with("api v0.0.0");
        let crates: BTreeSet<&str> = tree.lines().filter(counts).collect();
        Ok(crates.len() as f64)
    }

    fn cargo(&self, arguments: &[&str]) -> Result<String> {
        let output = self.command(arguments).output()?;
        ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr).trim());
        Ok(String::from_utf8(output.stdout)?)
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut cargo = Command::new("cargo");
        cargo.current_dir(&self.workspace).args(arguments);
        cargo
    }
}

/// An empty folder that goes away.
#[derive(Debug)]
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Result<Self> {
        let folder = std::env::temp_dir().join(format!("measure-{}-{name}", std::process::id()));
        fs::create_dir_all(&folder)?;
        Ok(Self(folder))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        _ = fs::remove_dir_all(&self.0);
    }
}

#[expect(clippy::cast_precision_loss, reason = "a program has less than 2^52 bytes")]
const fn kib(bytes: u64) -> f64 {
    bytes as f64 / 1024.0
}
