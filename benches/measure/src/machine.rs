//! What machine this is, and what it lets us have.

use std::fs;
use std::process::Command;

use anyhow::{Context, Result};
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use rustix::thread::{CpuSet, sched_getaffinity, sched_setaffinity};

use crate::sample::Machine;

impl Machine {
    /// Describes the machine this runs on.
    pub fn here() -> Self {
        let info = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
        let named = info.lines().find(|line| line.starts_with("model name"));
        let cpu = named.and_then(|line| line.split_once(": ")).map_or("unknown", |(_, name)| name);
        Self {
            cpu: cpu.to_owned(),
            cores: cpus().len(),
            kernel: rustix::system::uname().release().to_string_lossy().into_owned(),
            rustc: words("rustc", &["--version"]),
            date: words("date", &["-u", "+%Y-%m-%d %H:%M UTC"]),
            flags: std::env::args().skip(1).collect::<Vec<_>>().join(" "),
        }
    }
}

/// The processors this process may run on.
pub fn cpus() -> Vec<usize> {
    let ours = sched_getaffinity(None).unwrap_or_else(|_| CpuSet::new());
    (0..CpuSet::MAX_CPU).filter(|&cpu| ours.is_set(cpu)).collect()
}

/// Pins the thread that calls, and every process it starts from now on, to these processors.
///
/// # Errors
///
/// If the system has none of them.
pub fn pin(cpus: &[usize]) -> Result<()> {
    let mut set = CpuSet::new();
    cpus.iter().for_each(|&cpu| set.set(cpu));
    sched_setaffinity(None, &set).with_context(|| format!("cannot be pinned to CPUs {cpus:?}"))
}

/// Allows this process and those it starts as many open files as the system lets it, and says how many.
///
/// # Errors
///
/// If the system refuses its own limit.
pub fn raise_open_files() -> Result<u64> {
    let limit = getrlimit(Resource::Nofile);
    setrlimit(Resource::Nofile, Rlimit { current: limit.maximum, ..limit })?;
    Ok(limit.maximum.unwrap_or(u64::MAX))
}

fn words(program: &str, arguments: &[&str]) -> String {
    let output = Command::new(program).args(arguments).output();
    output.map_or_else(|_| "unknown".into(), |it| String::from_utf8_lossy(&it.stdout).trim().into())
}
