//! What the tests here have in common: peers that say what they are told, and calls.

use std::net::{SocketAddr, TcpStream as Blocking};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use counterpart::client::{Client, Connector, Pooling, Timeouts};
use counterpart::http::Method;
use counterpart::{Fault, Request, Response, Service};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::task::JoinHandle;

pub(super) const HI: &str = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nhi";

/// Somebody who listens, and says what he is told.
pub(super) struct Peer(TcpListener);

/// One of his connections.
pub(super) struct Line(TcpStream);

impl Peer {
    pub(super) async fn new() -> Self {
        Self(TcpListener::bind("127.0.0.1:0").await.unwrap())
    }

    pub(super) fn address(&self) -> SocketAddr {
        self.0.local_addr().unwrap()
    }

    pub(super) fn url(&self) -> String {
        format!("http://{}", self.address())
    }

    pub(super) fn client(&self) -> Client {
        self.client_by(Connector::new())
    }

    pub(super) fn client_by(&self, connector: Connector) -> Client {
        Client::new(&self.url()).unwrap().with_connector(connector)
    }

    pub(super) async fn accept(&self) -> Line {
        Line(self.0.accept().await.unwrap().0)
    }

    /// Accepts a connection and answers its first request; gives that, too.
    pub(super) async fn answers(&self, answer: impl AsRef<[u8]>) -> (Line, String) {
        let mut line = self.accept().await;
        let head = line.answers(answer).await;
        (line, head)
    }

    /// Answers everybody, always, in a task of its own.
    pub(super) fn answers_all(self) {
        tokio::spawn(async move {
            loop {
                let mut line = self.accept().await;
                tokio::spawn(async move { while line.answers_next(HI).await.is_some() {} });
            }
        });
    }
}

impl Line {
    /// The head of the next request; none if there is no other.
    pub(super) async fn next_head(&mut self) -> Option<String> {
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            head.push(self.0.read_u8().await.ok()?);
        }
        Some(String::from_utf8(head).unwrap())
    }

    pub(super) async fn head(&mut self) -> String {
        self.next_head().await.expect("another request")
    }

    pub(super) async fn say(&mut self, text: impl AsRef<[u8]>) {
        self.0.write_all(text.as_ref()).await.unwrap();
    }

    /// Hears a request without content, and answers it.
    pub(super) async fn answers(&mut self, answer: impl AsRef<[u8]>) -> String {
        self.answers_next(answer).await.expect("another request")
    }

    pub(super) async fn answers_next(&mut self, answer: impl AsRef<[u8]>) -> Option<String> {
        let head = self.next_head().await?;
        self.0.write_all(answer.as_ref()).await.ok()?;
        Some(head)
    }

    /// Waits until the client has closed it, having said nothing more.
    pub(super) async fn is_left(&mut self) {
        assert_eq!(self.0.read(&mut [0]).await.unwrap_or(0), 0);
    }

    /// Ends its own half.
    pub(super) async fn half_close(&mut self) {
        self.0.shutdown().await.unwrap();
    }

    /// Closes it with RST.
    pub(super) fn reset(self) {
        socket2::SockRef::from(&self.0).set_linger(Some(Duration::ZERO)).unwrap();
    }
}

/// An address that takes a connection from nobody, and those who fill its queue; none where that cannot be had.
pub(super) struct Silent {
    pub(super) address: SocketAddr,
    _listener: TcpListener,
    _queue: Vec<Blocking>,
}

pub(super) fn silent() -> Option<Silent> {
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let listener = socket.listen(1).unwrap();
    let address = listener.local_addr().unwrap();
    let mut queue = Vec::new();
    while let Ok(stream) = Blocking::connect_timeout(&address, Duration::from_millis(50)) {
        queue.push(stream);
        if queue.len() == 64 {
            eprintln!("NOT TESTED: this system queues more connections than it was told");
            return None;
        }
    }
    Some(Silent { address, _listener: listener, _queue: queue })
}

/// An address where nobody listens.
pub(super) async fn nobody() -> SocketAddr {
    Peer::new().await.address()
}

pub(super) fn get(target: &str) -> Request {
    Request::new(Method::GET, target.to_owned())
}

/// A call in a task of its own.
pub(super) fn call(client: &Client, request: Request) -> JoinHandle<Result<String, Fault>> {
    let client = client.clone();
    tokio::spawn(async move { text(client.call(request).await?).await })
}

pub(super) async fn text(response: Response) -> Result<String, Fault> {
    let bytes = response.body.collect(1 << 20).await?;
    Ok(String::from_utf8(bytes.to_vec()).unwrap())
}

/// Makes a call that must go well.
pub(super) async fn hi(client: &Client) {
    assert_eq!(text(client.call(get("/")).await.unwrap()).await.unwrap(), "hi");
}

pub(super) fn pooled(change: impl FnOnce(&mut Pooling)) -> Connector {
    let mut pooling = Pooling::default();
    change(&mut pooling);
    Connector::new().pooling(pooling)
}

pub(super) fn patient(change: impl FnOnce(&mut Timeouts)) -> Connector {
    let mut timeouts = Timeouts::default();
    change(&mut timeouts);
    Connector::new().timeouts(timeouts)
}

/// A connector that notes what it is told, and the notes.
pub(super) fn traced(connector: Connector) -> (Connector, Arc<Mutex<Vec<String>>>) {
    let lines = Arc::new(Mutex::new(Vec::new()));
    let heard = lines.clone();
    (connector.trace(move |line| heard.lock().unwrap().push(line.to_owned())), lines)
}
