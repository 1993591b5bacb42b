//! Where a server listens, how it begins and how it ends.

#![allow(clippy::unwrap_used, reason = "what the tests stand on fails as they do")]

mod addresses;
mod child;
#[cfg(target_os = "linux")]
mod churn;
mod crowded;
mod log;
mod raw;
mod restart;
mod stop;
mod unix;

use std::io::{Read, Write};
use std::path::PathBuf;
use std::time::Duration;

use counterpart::http::StatusCode;
use counterpart::server::{Config, Server};
use counterpart::service::from_fn;
use counterpart::{Request, Response, Service};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

/// Answers with its path, with its peer, with 10 MiB or with what it was sent; `/slow` after 300 ms, and `/never` and `/block` never, but they say
/// that they were called.
fn talk() -> impl Service {
    from_fn(async |request: Request| {
        match request.path() {
            "/slow" => tokio::time::sleep(Duration::from_millis(300)).await,
            "/never" => {
                println!("called");
                std::future::pending::<()>().await;
            }
            "/block" => {
                println!("called");
                std::thread::sleep(Duration::from_secs(600));
            }
            _ => {}
        }
        let ok = Response::new(StatusCode::OK);
        Ok(match request.path() {
            "/peer" => ok.with_body(format!("{:?}", request.peer.map(|peer| peer.ip()))),
            "/large" => ok.with_body(vec![b'x'; 10 << 20]),
            "/body" => ok.with_body(request.body.collect(1 << 20).await?),
            path => ok.with_body(path.to_owned()),
        })
    })
}

/// A server that serves until it is told to stop.
struct Running {
    stop: oneshot::Sender<()>,
    served: JoinHandle<std::io::Result<()>>,
}

impl Running {
    fn start(server: Server, service: impl Service) -> Self {
        let (stop, stopped) = oneshot::channel::<()>();
        let served = tokio::spawn(server.serve_until(service, async {
            let _ = stopped.await;
        }));
        Self { stop, served }
    }

    async fn stop(self) {
        drop(self.stop);
        self.served.await.unwrap().unwrap();
    }
}

fn config(change: impl FnOnce(&mut Config)) -> Config {
    let mut config = Config::default();
    change(&mut config);
    config
}

/// Asks for a path on a stream, once and for all; the whole answer.
fn ask(stream: impl Read + Write, path: &str) -> String {
    let mut stream = stream;
    let head = format!("GET {path} HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n");
    stream.write_all(head.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

/// Runs what blocks away from the runtime.
async fn away<T: Send + 'static>(blocks: impl FnOnce() -> T + Send + 'static) -> T {
    tokio::task::spawn_blocking(blocks).await.unwrap()
}

/// A folder of a test's own, gone with it.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("counterpart-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
