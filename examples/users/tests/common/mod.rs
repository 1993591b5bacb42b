//! What the tests share: a folder of their own, and the real program as a process.

#![allow(dead_code, unreachable_pub, clippy::unwrap_used, reason = "each test uses its part")]

use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Output, Stdio};

use users::UsersClient;

pub mod records;

/// A folder for one test, empty at its beginning.
pub fn folder(test: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(test);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}

/// The program `users`, listening on a port of its own; killed when dropped.
pub struct Program {
    child: Child,
    pub url: String,
}

impl Program {
    /// Starts it on a database, and waits until it says where it listens.
    pub fn start(database: &Path) -> Self {
        let mut child = command(database, "0").spawn().expect("the program starts");
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let line = lines
            .map_while(Result::ok)
            .find_map(|line| line.strip_prefix("listening on ").map(str::to_owned));
        let Some(url) = line else {
            let mut said = String::new();
            child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
            panic!("the program ended before it listened: {said}");
        };
        Self { child, url }
    }

    /// Runs it to its end: for what it cannot start from.
    pub fn run(database: &Path, port: &str) -> Output {
        command(database, port).output().unwrap()
    }

    /// A client of it.
    pub fn client(&self) -> UsersClient {
        UsersClient::http(&self.url).unwrap()
    }

    /// `kill -9`.
    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// The signal with which an operating system asks a program to end, and how it ended.
    #[cfg(unix)]
    pub fn terminate(mut self) -> ExitStatus {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
        self.child.wait().unwrap()
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn command(database: &Path, port: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_users"));
    command.args(["--port", port, "--database"]).arg(database).env("RUST_LOG", "error");
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}
