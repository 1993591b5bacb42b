//! Which programs there are, how they are built, and one of them while it runs.

use std::io::{BufRead, BufReader, Read};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use rustix::process::{Pid, Signal, kill_process};

use crate::machine;
use crate::process::Process;

/// A program that is measured.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Peer {
    /// How it is called in the table.
    pub name: &'static str,
    /// Its binary and its package, or the script.
    program: &'static str,
    /// What makes it this one of a program's several.
    flags: &'static [&'static str],
    /// Whether it is measured unless asked for.
    pub usual: bool,
}

/// Every server, the reference first.
pub const SERVERS: [Peer; 14] = [
    Peer::usual("epoll", "epoll-server"),
    Peer::usual("tokio", "tokio-server"),
    Peer::usual("counterpart", "counterpart-server"),
    Peer::usual("hyper", "hyper-server"),
    Peer::usual("axum", "axum-server"),
    Peer::usual("actix", "actix-server"),
    Peer::usual("xitca", "xitca-server"),
    Peer::asked("ntex", "ntex-server"),
    Peer::asked("may", "may-server"),
    Peer::asked("poem", "poem-server"),
    Peer::asked("salvo", "salvo-server"),
    Peer::asked("rocket", "rocket-server"),
    Peer::asked("dropshot", "dropshot-server"),
    Peer::asked("python", "servers/http_server.py"),
];

/// Every client, the reference first.
pub const CLIENTS: [Peer; 8] = [
    Peer::usual("sockets", "sockets-client"),
    Peer::usual("counterpart", "counterpart-client"),
    Peer::usual("counterpart-raw", "counterpart-client").with(&["--raw"]),
    Peer::usual("hyper-util", "hyper-util-client"),
    Peer::usual("reqwest", "reqwest-client"),
    Peer::usual("awc", "awc-client"),
    Peer::usual("ureq", "ureq-client"),
    Peer::asked("python", "clients/http_client.py"),
];

impl Peer {
    const fn usual(name: &'static str, program: &'static str) -> Self {
        Self { name, program, flags: &[], usual: true }
    }

    const fn asked(name: &'static str, program: &'static str) -> Self {
        Self { name, program, flags: &[], usual: false }
    }

    const fn with(self, flags: &'static [&'static str]) -> Self {
        Self { flags, ..self }
    }

    /// The command that runs it, without what the measurement asks of it.
    pub fn command(&self) -> Command {
        let mut command = match self.is_script() {
            true => Command::new("python3"),
            false => Command::new(self.binary()),
        };
        if self.is_script() {
            command.arg(benches().join(self.program));
        }
        command.args(self.flags);
        command
    }

    /// Where its build is put.
    pub fn binary(&self) -> PathBuf {
        target().join("release").join(self.program)
    }

    /// Its package in this workspace, unless it is a script.
    pub fn package(&self) -> Option<&'static str> {
        (!self.is_script()).then_some(self.program)
    }

    fn is_script(&self) -> bool {
        self.program.ends_with(".py")
    }
}

/// Builds these programs, all in one run of cargo, and says so.
///
/// # Errors
///
/// If one does not build.
pub fn build(peers: &[Peer]) -> Result<()> {
    let mut packages: Vec<_> = peers.iter().filter_map(Peer::package).collect();
    packages.dedup();
    if packages.is_empty() {
        return Ok(());
    }
    let mut cargo = Command::new("cargo");
    cargo.current_dir(benches()).args(["build", "--release", "--quiet"]);
    // Some of these names are those of published crates, which others build on.
    packages.iter().for_each(|package| _ = cargo.args(["-p", &format!("{package}@0.0.0")]));
    eprintln!("building {}", packages.join(", "));
    ensure!(cargo.status()?.success(), "cargo could not build them");
    Ok(())
}

/// How a server is started.
#[derive(Clone, Copy, Debug)]
pub struct Launch<'a> {
    /// Which.
    pub peer: &'a Peer,
    /// A program that runs it and its flags (`valgrind`, `strace`), or nothing.
    pub under: &'a [&'a str],
    /// What is asked of it, beside `--port 0`.
    pub flags: &'a [&'a str],
    /// Where it may run; nowhere in particular if empty.
    pub cpus: &'a [usize],
}

/// A server that listens; ended when it is dropped.
#[derive(Debug)]
pub struct Server {
    child: Child,
    /// Where it listens.
    pub address: SocketAddr,
}

impl Server {
    /// Starts one and waits until it listens.
    ///
    /// # Errors
    ///
    /// If it ends before, with the words it ended with: a server refuses flags that it cannot follow.
    pub fn start(launch: &Launch<'_>) -> Result<Self> {
        let mut child = spawn(launch)?;
        let words = overhear(&mut child);
        match first_line(&mut child).and_then(|line| address(&line)) {
            Ok(address) => Ok(Self { child, address }),
            Err(error) => {
                _ = child.kill();
                _ = child.wait();
                let words = words.and_then(|thread| thread.join().ok()).unwrap_or_default();
                bail!("{error}: {}", words.trim());
            }
        }
    }

    /// Its process; what it runs under, if there is that.
    pub fn process(&self) -> Process {
        Process(self.child.id())
    }

    /// Asks it to end and waits until it has, so that what runs it can write its findings.
    ///
    /// # Errors
    ///
    /// If it must be killed after ten seconds.
    pub fn stop(mut self) -> Result<()> {
        ask_to_end(&mut self.child);
        let asked = Instant::now();
        while self.child.try_wait()?.is_none() {
            ensure!(asked.elapsed() < Duration::from_secs(10), "a server does not end on SIGTERM");
            std::thread::sleep(Duration::from_millis(5));
        }
        Ok(())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Ok(None) = self.child.try_wait() {
            _ = self.child.kill();
            _ = self.child.wait();
        }
    }
}

/// A child is born to its parent's processors, so the parent goes there first.
fn spawn(launch: &Launch<'_>) -> Result<Child> {
    let ours = machine::cpus();
    let mut command = match launch.under {
        [] => launch.peer.command(),
        [program, flags @ ..] => wrapped(program, flags, &launch.peer.command()),
    };
    command.args(["--port", "0"]).args(launch.flags);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    if !launch.cpus.is_empty() {
        machine::pin(launch.cpus)?;
    }
    let child = command.spawn().with_context(|| format!("{} cannot be started", launch.peer.name));
    machine::pin(&ours)?;
    child
}

fn wrapped(program: &str, flags: &[&str], inner: &Command) -> Command {
    let mut command = Command::new(program);
    command.args(flags).arg(inner.get_program()).args(inner.get_args());
    command
}

/// Reads on, so that a server that says much is not held up.
fn overhear(child: &mut Child) -> Option<JoinHandle<String>> {
    let mut stderr = child.stderr.take()?;
    Some(std::thread::spawn(move || {
        let mut words = Vec::new();
        _ = stderr.read_to_end(&mut words);
        String::from_utf8_lossy(&words).into_owned()
    }))
}

fn first_line(child: &mut Child) -> Result<String> {
    let stdout = child.stdout.take().context("a server has no output")?;
    let (say, hear) = mpsc::channel();
    std::thread::spawn(move || {
        let mut lines = BufReader::new(stdout).lines();
        lines.next().map(|line| say.send(line));
        lines.for_each(drop);
    });
    match hear.recv_timeout(Duration::from_secs(120)) {
        Ok(line) => Ok(line?),
        Err(mpsc::RecvTimeoutError::Disconnected) => bail!("it ended"),
        Err(mpsc::RecvTimeoutError::Timeout) => bail!("it did not listen within two minutes"),
    }
}

/// `listening on http://127.0.0.1:8080`
fn address(line: &str) -> Result<SocketAddr> {
    let (_, address) = line.split_once("://").with_context(|| format!("no address in `{line}`"))?;
    address.trim().trim_end_matches('/').parse().with_context(|| format!("no address: {address}"))
}

fn ask_to_end(child: &mut Child) {
    if let Some(pid) = i32::try_from(child.id()).ok().and_then(Pid::from_raw) {
        _ = kill_process(pid, Signal::TERM);
    }
}

/// The folder of this workspace.
pub fn benches() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}

/// Where cargo puts what it builds.
pub fn target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| benches().join("target"), PathBuf::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_line_of_a_server() {
        let expected = "127.0.0.1:8080".parse().unwrap();
        assert_eq!(address("listening on http://127.0.0.1:8080").unwrap(), expected);
        assert_eq!(address("listening on https://127.0.0.1:8080/").unwrap(), expected);
        assert!(address("listening").is_err());
    }
}
