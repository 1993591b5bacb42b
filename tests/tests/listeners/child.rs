//! A server in a process of its own: this test binary, asked for one test that is a program.

use std::io::{BufRead, BufReader, Lines};
use std::process::{Child, ChildStdout, Command, Stdio};

use counterpart::prelude::*;
use counterpart::server::{Config, Server};

use super::talk;

/// A server in another process, killed when it is dropped.
pub(super) struct Process {
    child: Child,
    lines: Lines<BufReader<ChildStdout>>,
}

impl Process {
    /// Starts a server at an address, in a shell that has run some words before.
    pub(super) fn start(address: &str, before: &str, stdin: Stdio) -> Self {
        Self::of("serve", address, before, stdin)
    }

    /// Starts an app on workers at an address.
    pub(super) fn run(address: &str) -> Self {
        Self::of("run", address, "", Stdio::null())
    }

    fn of(program: &str, address: &str, before: &str, stdin: Stdio) -> Self {
        let this = std::env::current_exe().unwrap();
        let test = format!("listeners::child::{program}");
        let mut child = Command::new("sh")
            .args(["-c", &format!("{before}exec \"$0\" --exact {test} --ignored --nocapture")])
            .arg(this)
            .env("TEST_ADDRESS", address)
            .stdin(stdin)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        Self { child, lines }
    }

    /// The address that it says it listens on.
    pub(super) fn address(&mut self) -> String {
        self.hears("listening on ").trim_start_matches("http://").to_owned()
    }

    /// Waits until it says a word; what stands behind it.
    pub(super) fn hears(&mut self, word: &str) -> String {
        loop {
            let line = self.lines.next().expect("a server that speaks").unwrap();
            if let Some((_, behind)) = line.split_once(word) {
                return behind.to_owned();
            }
        }
    }

    pub(super) fn id(&self) -> u32 {
        self.child.id()
    }

    pub(super) fn signal(&self, signal: &str) {
        let id = self.child.id().to_string();
        let sent = Command::new("sh").args(["-c", "kill -s \"$0\" \"$1\"", signal, &id]).status();
        assert!(sent.unwrap().success());
    }

    /// Waits until it has ended, and tells whether that was as it should.
    pub(super) fn ended(mut self) -> bool {
        self.child.wait().unwrap().success()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
#[ignore = "a server for the other tests"]
fn serve() {
    counterpart::private::main(async {
        let server = Server::bind(std::env::var("TEST_ADDRESS").unwrap()).await.unwrap();
        for address in server.addresses() {
            println!("\nlistening on {address}");
        }
        server.with_config(config()).serve(talk()).await.unwrap();
    });
}

#[get("/slow")]
async fn slow() -> &'static str {
    tokio::time::sleep(Duration::from_millis(300)).await;
    "slow"
}

api!(Slow: slow);

#[test]
#[ignore = "an app for the other tests"]
fn run() {
    let app = App::new().mount(Slow).on_shutdown(async || println!("\nthe hook has run"));
    app.run_with(config(), std::env::var("TEST_ADDRESS").unwrap()).unwrap();
}

fn config() -> Config {
    let mut config = Config::default();
    if let Ok(seconds) = std::env::var("TEST_SHUTDOWN") {
        config.shutdown = Duration::from_secs(seconds.parse().unwrap());
    }
    config
}
