//! Our client against CPython's `http.server`, in HTTP/1.0 and 1.1: `tests/differential/server.py`.
//!
//! Skipped, and loudly, where there is no `python3`; never in CI.

use std::process::Stdio;

use counterpart::Request;
use counterpart::client::{Connection, Length};
use counterpart::http::{Method, StatusCode};
use counterpart::service::FaultKind;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

/// A server that stops when it is dropped.
struct Python {
    authority: String,
    _process: Child,
}

impl Python {
    async fn serve(version: &str) -> Option<Self> {
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/differential/server.py");
        let mut command = Command::new("python3");
        command.arg(script).arg(version).stdout(Stdio::piped()).kill_on_drop(true);
        let mut process = match command.spawn() {
            Ok(process) => process,
            Err(error) if std::env::var_os("CI").is_none() => {
                eprintln!("SKIPPED, for want of a python3: {error}");
                return None;
            }
            Err(error) => panic!("python3 is needed: {error}"),
        };
        let mut port = String::new();
        BufReader::new(process.stdout.take()?).read_line(&mut port).await.unwrap();
        Some(Self { authority: format!("127.0.0.1:{}", port.trim()), _process: process })
    }

    async fn connect(&self) -> Connection {
        Connection::connect(&self.authority).await.unwrap()
    }

    /// Status, content and whether the connection is kept, asked on a connection of its own.
    async fn ask(&self, method: Method, path: &str) -> (u16, String, bool) {
        let mut connection = self.connect().await;
        let mut answer = connection.send(Request::new(method, path.to_owned())).await.unwrap();
        let text = answer.text().await.unwrap();
        (answer.status().as_u16(), text, answer.is_reusable())
    }
}

/// C13, C47, C49, C50: what it answers is heard as it was meant.
#[tokio::test]
async fn answers_are_heard_as_they_were_meant() {
    for (version, kept) in [("HTTP/1.0", false), ("HTTP/1.1", true)] {
        let Some(python) = Python::serve(version).await else { return };
        assert_eq!(python.ask(Method::GET, "/hello").await, (200, "hello".into(), kept));
        assert_eq!(python.ask(Method::HEAD, "/hello").await, (200, String::new(), kept));
        assert_eq!(python.ask(Method::GET, "/empty").await, (204, String::new(), kept));
        let whole = (200, "until the end".into(), false);
        assert_eq!(python.ask(Method::GET, "/until_close").await, whole);
        let (status, page, kept) = python.ask(Method::GET, "/nothing").await;
        assert!(status == 404 && page.contains("&lt;nothing&gt;") && !kept, "{page}");
        assert_eq!(python.ask(Method::GET, "/large").await.1.len(), 3_000_000);
    }
}

/// C52, C57: a body that is cut short is an error.
#[tokio::test]
async fn a_short_body_is_an_error() {
    for version in ["HTTP/1.0", "HTTP/1.1"] {
        let Some(python) = Python::serve(version).await else { return };
        let mut connection = python.connect().await;
        let mut answer = connection.send(Request::new(Method::GET, "/short")).await.unwrap();
        let kind = answer.bytes(99).await.unwrap_err().kind();
        assert_eq!(kind, FaultKind::Incomplete { received: 5, expected: Some(10) });
    }
}

/// C15, C60, C62: chunks both ways, with trailers, request after request.
#[tokio::test]
async fn chunks_go_both_ways_on_one_connection() {
    let Some(python) = Python::serve("HTTP/1.1").await else { return };
    let mut connection = python.connect().await;
    for _ in 0..3 {
        let mut answer = connection.send(Request::new(Method::GET, "/chunked")).await.unwrap();
        assert_eq!(answer.text().await.unwrap(), "one two three");
        assert_eq!(answer.trailers().unwrap()["x-sum"], "3");

        let post = Request::new(Method::POST, "/echo");
        let mut writer = connection.start(post, Length::Unknown).await.unwrap();
        for piece in ["some", "", "thing"] {
            writer.write(piece).await.unwrap();
        }
        let mut answer = writer.finish().await.unwrap();
        assert_eq!(answer.status(), StatusCode::OK);
        assert_eq!(answer.text().await.unwrap(), "something");

        let post = Request::new(Method::POST, "/echo").with_body("whole");
        assert_eq!(connection.send(post).await.unwrap().text().await.unwrap(), "whole");
    }
}
