//! The programs and their twins, as processes.

use std::io::Write;
use std::path::Path;
use std::process::Stdio;

use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

/// A program, and its twin if there is a Python here.
pub(crate) fn twins(pattern: &str) -> Vec<Command> {
    let twin = python(&format!("python/{pattern}.py"));
    [Some(ours(pattern)), twin].into_iter().flatten().collect()
}

fn ours(pattern: &str) -> Command {
    let folder = Path::new(env!("CARGO_BIN_EXE_timeout"));
    let name = format!("{pattern}{}", std::env::consts::EXE_SUFFIX);
    let mut command = Command::new(folder.with_file_name(name));
    command.env("RUST_LOG", "error");
    ready(command)
}

/// A script of this package, if there is a Python here.
pub(crate) fn python(script: &str) -> Option<Command> {
    let has_python = std::process::Command::new("python3").arg("--version").output().is_ok();
    if !has_python {
        assert!(std::env::var_os("CI").is_none(), "python3 is needed");
        // Not `eprintln!`, which the harness keeps to itself while tests pass.
        let said = format!("\n*** SKIPPED *** for want of a python3: {script}\n");
        let _ = std::io::stderr().write_all(said.as_bytes());
        return None;
    }
    let mut command = Command::new("python3");
    command.current_dir(env!("CARGO_MANIFEST_DIR")).arg(script);
    // Nothing is left behind in the sources, and nobody stands in between.
    command.env("PYTHONDONTWRITEBYTECODE", "1").env("PYTHONUTF8", "1").env("no_proxy", "*");
    Some(ready(command))
}

fn ready(mut command: Command) -> Command {
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null()).kill_on_drop(true);
    command
}

/// What it prints with these words, and whether it ends well.
pub(crate) async fn run(command: &mut Command, words: &[&str]) -> (bool, String) {
    let output = command.args(words).output().await.unwrap();
    let said = String::from_utf8(output.stdout).unwrap().replace("\r\n", "\n");
    (output.status.success(), said)
}

/// A server that stops when this is dropped.
pub(crate) struct Running {
    pub(crate) url: String,
    process: Child,
}

impl Running {
    /// Starts it, and waits until it says where it listens.
    pub(crate) async fn start(command: &mut Command, words: &[&str]) -> Self {
        let mut process = command.args(words).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut line).await.unwrap();
        let url = line.trim().strip_prefix("listening on ").expect("where it listens");
        Self { url: url.to_owned(), process }
    }

    /// Sends a signal, such as `INT`, and says whether it then ends well.
    #[cfg(unix)]
    pub(crate) async fn ends_well(mut self, signal: &str) -> bool {
        let id = self.process.id().unwrap().to_string();
        let sent = Command::new("kill").args(["-s", signal, &id]).status().await.unwrap();
        sent.success() && self.process.wait().await.unwrap().success()
    }
}
