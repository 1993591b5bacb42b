//! What the tests share: databases of their own, and the real programs as processes.

#![allow(dead_code, unreachable_pub, clippy::unwrap_used, reason = "each test uses its part")]

use std::fs;
use std::io::{BufRead, BufReader, Read, Write, stderr};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Output, Stdio};

use sqlx::{AnyConnection, AssertSqlSafe, Connection, Executor};
use users::{NewUser, ProbesClient, UsersClient};

pub mod records;

/// A folder for one test, empty at its beginning.
pub fn folder(test: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(test);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}

/// A new SQLite file.
pub fn sqlite(test: &str) -> String {
    folder(test).join("users.db").to_str().unwrap().to_owned()
}

/// A new database of the PostgreSQL server at `USERS_TEST_POSTGRES`; none where there is no server.
///
/// # Panics
/// Where there is none, and `CI_REQUIRE_POSTGRES` asks for it.
pub async fn postgres(test: &str) -> Option<String> {
    let Ok(server) = std::env::var("USERS_TEST_POSTGRES") else {
        let missing = format!("USERS_TEST_POSTGRES is not set: {test} on PostgreSQL");
        assert!(std::env::var_os("CI_REQUIRE_POSTGRES").is_none(), "{missing} must not be skipped");
        // Not `eprintln!`, which the harness keeps to itself while tests pass.
        let _ = stderr().write_all(format!("\n*** SKIPPED *** {missing}\n").as_bytes());
        return None;
    };
    sqlx::any::install_default_drivers();
    let name = format!("users_{test}");
    let mut connection = AnyConnection::connect(&server).await.unwrap();
    for sql in
        [format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"), format!("CREATE DATABASE {name}")]
    {
        connection.execute(AssertSqlSafe(sql)).await.unwrap();
    }
    let (server, _) = server.rsplit_once('/').unwrap();
    Some(format!("{server}/{name}"))
}

pub fn new(name: &str) -> NewUser {
    NewUser { name: name.into(), email: format!("{name}@example.com"), bio: None }
}

/// The program `users`, listening on a port of its own; killed when dropped.
pub struct Program {
    child: Child,
    pub url: String,
}

impl Program {
    /// Starts it on a database, and waits until it says where it listens.
    pub fn start(database: &str) -> Self {
        Self::start_with(database, &[])
    }

    /// Starts it with more flags.
    pub fn start_with(database: &str, flags: &[&str]) -> Self {
        let mut child = command(database, "0").args(flags).spawn().expect("the program starts");
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let line = lines
            .map_while(Result::ok)
            .find_map(|line| line.strip_prefix("listening on ").map(str::to_owned));
        let Some(url) = line else {
            let mut said = String::new();
            child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
            panic!("the program ended before it listened: {said}");
        };
        // What it logs is read by nobody, and must not fill the pipe.
        let mut log = child.stderr.take().unwrap();
        std::thread::spawn(move || std::io::copy(&mut log, &mut std::io::sink()));
        Self { child, url }
    }

    /// Runs it to its end: for what it cannot start from.
    pub fn run(database: &str, port: &str) -> Output {
        command(database, port).output().unwrap()
    }

    /// A client of it.
    pub fn client(&self) -> UsersClient {
        UsersClient::http(&self.url).unwrap()
    }

    /// A client of its probes.
    pub fn probes(&self) -> ProbesClient {
        ProbesClient::http(&self.url).unwrap()
    }

    /// `kill -9`.
    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// The signal with which an operating system asks a program to end.
    #[cfg(unix)]
    pub fn terminate(&self) {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
    }

    /// How it ended.
    pub fn ended(mut self) -> ExitStatus {
        self.child.wait().unwrap()
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn command(database: &str, port: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_users"));
    command.args(["--port", port, "--database", database]).env("RUST_LOG", "error");
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// The program `users-client`, to be run.
pub fn users_client(url: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_users-client"));
    command.args(["--url", url]).stdin(Stdio::null());
    command
}

/// The exit code of `users-client`, what it printed and what it said.
pub fn said(url: &str, arguments: &[&str]) -> (i32, String, String) {
    let output = users_client(url).args(arguments).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}
