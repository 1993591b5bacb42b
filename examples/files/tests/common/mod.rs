//! What the tests share: folders to serve, the program as a process, and requests as they are written.

#![allow(dead_code, unreachable_pub, clippy::unwrap_used, reason = "each test uses its part")]

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::thread::JoinHandle;
use std::time::{Duration, SystemTime};

/// A folder for one test, with a few files.
pub fn folder(test: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(test);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(folder.join("sub")).unwrap();
    for (name, content) in [
        ("a.txt", "hello\n".to_owned()),
        ("long.txt", "all work and no play\n".repeat(10_000)),
        ("page.html", "<h1>page</h1>".to_owned()),
        ("nothing.known", "?".to_owned()),
        (".hidden", "hidden".to_owned()),
        ("sub/b.txt", "below".to_owned()),
    ] {
        put(&folder, name, content);
    }
    folder
}

/// A file as it has been for an hour: one that has just been written may change within the second.
pub fn put(folder: &Path, name: &str, content: impl AsRef<[u8]>) {
    let path = folder.join(name);
    fs::write(&path, content).unwrap();
    let file = fs::File::options().write(true).open(path).unwrap();
    file.set_modified(SystemTime::now() - Duration::from_secs(3600)).unwrap();
}

/// The program, listening on a port of its own; killed when dropped.
pub struct Program {
    child: Child,
    pub url: String,
    /// What it says besides.
    pub greeting: String,
    log: JoinHandle<String>,
}

impl Program {
    /// Starts it on a folder, and waits until it says where it listens.
    pub fn start(folder: &Path, options: &[&str]) -> Self {
        Self::start_by(command(options).arg(folder).args(["--port", "0"]))
    }

    pub fn start_by(command: &mut Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut error = child.stderr.take().unwrap();
        let log = std::thread::spawn(move || {
            let mut log = String::new();
            error.read_to_string(&mut log).unwrap();
            log
        });
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
        let url =
            lines.next().and_then(|line| Some(line.strip_prefix("listening on ")?.to_owned()));
        let Some((url, greeting)) = url.zip(lines.next()) else {
            let _ = child.wait();
            panic!("it ended before it listened: {}", log.join().unwrap());
        };
        Self { child, url, greeting, log }
    }

    /// Its address, without the scheme.
    pub fn address(&self) -> &str {
        self.url.split_once("://").unwrap().1
    }

    pub fn connect(&self) -> TcpStream {
        TcpStream::connect(self.address()).unwrap()
    }

    /// Asks over a connection of its own, with these fields.
    pub fn ask(&self, request: &str, fields: &[&str]) -> Answer {
        let mut stream = self.connect();
        let fields: String = fields.iter().map(|field| format!("{field}\r\n")).collect();
        write!(stream, "{request} HTTP/1.1\r\nhost: a\r\nconnection: close\r\n{fields}\r\n")
            .unwrap();
        Answer::read(&mut stream)
    }

    /// A signal, by its name.
    #[cfg(unix)]
    pub fn signal(&self, name: &str) {
        let (name, id) = (format!("-{name}"), self.child.id().to_string());
        assert!(Command::new("kill").args([name, id]).status().unwrap().success());
    }

    /// How it ended, and all that it said on stderr.
    pub fn ended(mut self) -> (ExitStatus, String) {
        let status = self.child.wait().unwrap();
        let log = std::mem::replace(&mut self.log, std::thread::spawn(String::new));
        (status, log.join().unwrap())
    }

    /// What it said on stderr until it is killed now.
    pub fn killed(mut self) -> String {
        self.child.kill().unwrap();
        self.ended().1
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The program, to be run.
pub fn command(options: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_files"));
    for name in ["FILES_AUTH", "FILES_BIND", "FILES_PORT"] {
        command.env_remove(name);
    }
    command.args(options).stdin(Stdio::null()).current_dir(env!("CARGO_TARGET_TMPDIR"));
    command
}

/// Runs it to its end: for what it cannot start from.
pub fn refused(options: &[&str]) -> (Option<i32>, String) {
    let Output { status, stdout, stderr } = command(options).output().unwrap();
    let said = String::from_utf8(stderr).unwrap();
    assert!(stdout.is_empty() && !said.contains("panicked"), "{said}");
    (status.code(), said)
}

/// An answer, read to the end of its connection.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    fields: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn read(stream: &mut impl Read) -> Self {
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes).unwrap();
        let end = bytes.windows(4).position(|at| at == b"\r\n\r\n").unwrap();
        let head = std::str::from_utf8(&bytes[..end]).unwrap();
        let mut lines = head.split("\r\n");
        let status = lines.next().unwrap().split(' ').nth(1).unwrap().parse().unwrap();
        let field = |line: &str| {
            let (name, value) = line.split_once(": ").unwrap();
            (name.to_owned(), value.to_owned())
        };
        Self { status, fields: lines.map(field).collect(), body: bytes[end + 4..].to_vec() }
    }

    /// All values of a field, with commas.
    pub fn field(&self, name: &str) -> Option<String> {
        let values = self.fields.iter().filter(|field| field.0 == name);
        values.map(|field| field.1.clone()).reduce(|all, one| all + ", " + &one)
    }

    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }
}
