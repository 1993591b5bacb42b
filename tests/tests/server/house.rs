//! What the tests stand on: a service that does what its path says, and a peer that speaks raw bytes.

use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use counterpart::body::{Body, BodyErrorKind, Inlet};
use counterpart::drive::h1_server::{House, serve};
use counterpart::http::{Method, StatusCode};
use counterpart::io::{Memory, pair};
use counterpart::problem::chain;
use counterpart::server::{Config, Server};
use counterpart::service::{FaultKind, detached};
use counterpart::wire::{Upgraded, Wire};
use counterpart::{Fault, Request, Response, Service};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt};
use tokio::sync::{Notify, oneshot};

/// Does what the path says.
#[derive(Debug, Default)]
pub(super) struct Talk {
    /// Told when a call to `/hold` has begun.
    pub(super) held: Notify,
    /// Lets it end.
    pub(super) release: Notify,
    /// Told when a call was dropped before its end.
    pub(super) dropped: Arc<Notify>,
    /// What a call to `/detached` read of its body before its end.
    pub(super) finished: Mutex<Option<Result<Bytes, BodyErrorKind>>>,
}

struct OnDrop(Arc<Notify>, bool);

impl Drop for OnDrop {
    fn drop(&mut self) {
        if !self.1 {
            self.0.notify_one();
        }
    }
}

impl Service for Talk {
    async fn call(&self, request: Request) -> Result<Response, Fault> {
        let ok = Response::new(StatusCode::OK);
        let path = request.path().to_owned();
        Ok(match path.as_str() {
            "/hello" => ok.with_body("hello"),
            "/echo" => ok.with_body(request.body),
            "/peer" => ok.with_body(format!("{:?}", request.peer)),
            "/method" => ok.with_body(request.head.method.to_string()),
            "/length" => {
                let length = request.body.length();
                let whole = request.body.whole().is_some();
                let read = request.body.collect(u64::MAX).await?.len();
                ok.with_body(format!("{length:?} {whole} {read}"))
            }
            "/limited" => match request.body.collect(10).await {
                Ok(bytes) => ok.with_body(bytes),
                Err(error) => {
                    Response::new(StatusCode::PAYLOAD_TOO_LARGE).with_body(error.to_string())
                }
            },
            "/collected" => match request.body.collect(1 << 30).await {
                Ok(bytes) => ok.with_body(bytes.len().to_string()),
                Err(error) => Response::new(StatusCode::BAD_REQUEST).with_body(chain(&error)),
            },
            "/large" => ok.with_body(vec![b'x'; 1_000_000]),
            "/stream" => {
                let (inlet, body) = Body::fed(None);
                tokio::spawn(feed(inlet, 3));
                ok.with_body(body)
            }
            "/pieces" => {
                let (inlet, body) = Body::fed(Some(300_000));
                tokio::spawn(async move {
                    for piece in ["a", "b", "c"] {
                        std::future::poll_fn(|cx| inlet.poll_want(cx)).await;
                        inlet.give(piece.repeat(100_000).into());
                    }
                    inlet.end(None);
                });
                ok.with_body(body)
            }
            "/zeros" => ok.with_body(Body::wrap(Zeros)),
            "/quiet" => {
                let (inlet, body) = Body::fed(None);
                inlet.give(Bytes::from_static(b"word"));
                tokio::spawn(async move {
                    std::future::pending::<()>().await;
                    drop(inlet);
                });
                ok.with_body(body)
            }
            "/minutes" => {
                let (inlet, body) = Body::fed(None);
                tokio::spawn(async move {
                    for _ in 0..5 {
                        tokio::time::sleep(Duration::from_secs(60)).await;
                        inlet.give(Bytes::from_static(b"data: still here\n\n"));
                    }
                    inlet.end(None);
                });
                ok.with_body(body)
            }
            "/break" => {
                let (inlet, body) = Body::fed(None);
                inlet.give(Bytes::from_static(b"half"));
                drop(inlet);
                ok.with_body(body)
            }
            "/endless" => {
                let (inlet, body) = Body::fed(None);
                tokio::spawn(feed(inlet, usize::MAX));
                ok.with_body(body)
            }
            "/upload" => {
                let mut guard = OnDrop(self.dropped.clone(), false);
                self.held.notify_one();
                let read = request.body.collect(u64::MAX).await?.len();
                guard.1 = true;
                ok.with_body(read.to_string())
            }
            "/upload/panic" => {
                self.held.notify_one();
                ok.with_body(request.body.collect(u64::MAX).await.unwrap())
            }
            "/upload/500" => {
                self.held.notify_one();
                match request.body.collect(u64::MAX).await {
                    Ok(_) => ok,
                    Err(_) => Response::new(StatusCode::INTERNAL_SERVER_ERROR),
                }
            }
            "/hold" => {
                let mut guard = OnDrop(self.dropped.clone(), false);
                self.held.notify_one();
                self.release.notified().await;
                guard.1 = true;
                ok.with_body("held")
            }
            "/detached" => {
                let mut guard = OnDrop(self.dropped.clone(), false);
                detached(async {
                    self.held.notify_one();
                    self.release.notified().await;
                })
                .await;
                let read = request.body.collect(99).await.map_err(|error| error.kind().clone());
                guard.1 = true;
                *self.finished.lock().unwrap() = Some(read);
                self.held.notify_one();
                ok
            }
            "/panic" => panic!("on purpose"),
            // Without the words that each panic prints.
            "/panic/quietly" => std::panic::resume_unwind(Box::new("on purpose")),
            "/late" => return Err(FaultKind::Timeout(counterpart::service::Phase::Total).into()),
            "/empty" => Response::new(StatusCode::NO_CONTENT),
            "/interim" => Response::new(StatusCode::EARLY_HINTS),
            "/switch" => Response::new(StatusCode::SWITCHING_PROTOCOLS)
                .with_field(counterpart::http::header::UPGRADE, "echo".parse().unwrap())
                .with_field(counterpart::http::header::CONNECTION, "upgrade".parse().unwrap())
                .with_body("echo"),
            "/upgrade" => Response::upgrade("lines".parse().unwrap(), lines),
            "/upgrade/panic" => Response::upgrade("lines".parse().unwrap(), async |_| {
                panic!("on purpose, after 101")
            }),
            "a:80" => ok.with_body("no tunnel"),
            "a:443" => Response::tunnel(lines),
            "/ignore" => ok.with_body("ignored"),
            "/lie" => ok
                .with_field(counterpart::http::header::CONTENT_LENGTH, "9".parse().unwrap())
                .with_body("short"),
            _ if request.head.method == Method::OPTIONS => ok,
            _ => Response::new(StatusCode::NOT_FOUND),
        })
    }
}

/// A body without end that is always ready.
struct Zeros;

impl http_body::Body for Zeros {
    type Data = Bytes;
    type Error = std::io::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<http_body::Frame<Bytes>, std::io::Error>>> {
        Poll::Ready(Some(Ok(http_body::Frame::data(Bytes::from_static(&[0; 32 * 1024])))))
    }
}

/// What `/upgrade` goes over to: says each line again.
pub(super) async fn lines(mut wire: Upgraded) {
    let mut line = String::new();
    while wire.read_line(&mut line).await.is_ok_and(|read| read > 0) {
        if wire.write_all(line.as_bytes()).await.is_err() {
            return;
        }
        line.clear();
    }
}

async fn feed(inlet: Inlet, times: usize) {
    for _ in 0..times {
        match std::future::poll_fn(|cx| inlet.poll_want(cx)).await {
            counterpart::body::Want::Data => inlet.give(Bytes::from_static(b"piece ")),
            counterpart::body::Want::Nothing => return,
        }
    }
    inlet.end(None);
}

/// A served connection in memory, and the peer's end of it.
pub(super) struct Peer {
    pub(super) wire: Memory,
    pub(super) service: Arc<Talk>,
    pub(super) house: Arc<House>,
    read: bytes::BytesMut,
}

impl Peer {
    pub(super) fn new() -> Self {
        Self::with(Config::default(), 64 * 1024)
    }

    pub(super) fn with(config: Config, room: usize) -> Self {
        let service = Arc::new(Talk::default());
        Self { service: service.clone(), ..Self::served(service, config, room) }
    }

    /// A peer of another service; nobody answers for its own.
    pub(super) fn of(service: impl Service) -> Self {
        Self::served(service, Config::default(), 64 * 1024)
    }

    fn served(service: impl Service, config: Config, room: usize) -> Self {
        let (wire, theirs) = pair(room);
        let house = House::new(config);
        tokio::spawn(serve(Arc::new(service), theirs, house.clone()));
        Self { wire, service: Arc::default(), house, read: bytes::BytesMut::new() }
    }

    pub(super) async fn say(&mut self, bytes: impl AsRef<[u8]>) {
        let mut bytes = bytes.as_ref();
        while !bytes.is_empty() {
            let n = std::future::poll_fn(|cx| self.wire.poll_write(cx, bytes)).await.unwrap();
            bytes = &bytes[n..];
        }
    }

    /// The same to a server that may let the connection go meanwhile.
    pub(super) async fn say_what_is_taken(&mut self, bytes: impl AsRef<[u8]>) {
        let mut bytes = bytes.as_ref();
        while !bytes.is_empty() {
            match std::future::poll_fn(|cx| self.wire.poll_write(cx, bytes)).await {
                Ok(n) => bytes = &bytes[n..],
                Err(_) => return,
            }
        }
    }

    pub(super) async fn end(&mut self) {
        std::future::poll_fn(|cx| self.wire.poll_shutdown(cx)).await.unwrap();
    }

    /// Everything up to and with these bytes.
    pub(super) async fn hear_until(&mut self, end: &str) -> String {
        loop {
            let at = self.read.windows(end.len()).position(|bytes| bytes == end.as_bytes());
            if let Some(at) = at {
                return String::from_utf8(self.read.split_to(at + end.len()).to_vec()).unwrap();
            }
            assert!(self.hear_some().await > 0, "ended after {:?}", self.read);
        }
    }

    /// Everything to the end of the stream.
    pub(super) async fn hear_all(&mut self) -> String {
        while self.hear_some().await > 0 {}
        String::from_utf8(std::mem::take(&mut self.read).to_vec()).unwrap()
    }

    /// Waits until the server has let the connection go.
    pub(super) async fn gone(&mut self) {
        std::future::poll_fn(|cx| self.house.crowd.poll_fewer(1, cx)).await;
    }

    async fn hear_some(&mut self) -> usize {
        let Self { wire, read, .. } = self;
        read.reserve(64 * 1024);
        std::future::poll_fn(|cx| wire.poll_read(cx, read)).await.unwrap()
    }
}

/// A server over TCP, stopped when it is told or dropped.
pub(super) struct Served {
    pub(super) address: SocketAddr,
    pub(super) service: Arc<Talk>,
    stop: Option<oneshot::Sender<()>>,
    task: tokio::task::JoinHandle<std::io::Result<()>>,
}

impl Served {
    pub(super) async fn new() -> Self {
        Self::with(Config::default()).await
    }

    pub(super) async fn with(config: Config) -> Self {
        let server = Server::bind("127.0.0.1:0").await.unwrap().with_config(config);
        let (address, service) = (server.local_addr(), Arc::new(Talk::default()));
        let (stop, stopped) = oneshot::channel();
        let task = tokio::spawn(server.serve_until(service.clone(), async move {
            let _ = stopped.await;
        }));
        Self { address, service, stop: Some(stop), task }
    }

    pub(super) fn stop(&mut self) {
        drop(self.stop.take());
    }

    pub(super) async fn stopped(mut self) {
        self.stop();
        self.task.await.unwrap().unwrap();
    }
}
