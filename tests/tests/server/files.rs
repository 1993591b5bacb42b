//! Bodies that are parts of files: the same bytes over every wire, whether the operating system sends them or they are
//! read and written.

use std::fs::{self, File};
use std::future::poll_fn;
use std::io::{ErrorKind, Result};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use bytes::BytesMut;
use counterpart::client::Connector;
use counterpart::drive::h1_server::{House, serve};
use counterpart::http::{Method, StatusCode};
use counterpart::io::{Tcp, Unix, pair};
use counterpart::server::Config;
use counterpart::service::FaultKind;
use counterpart::wire::{Upgraded, Wire};
use counterpart::{App, Body, Fault, Next, Request, Response, Service};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream, UnixStream};

/// A file of so many bytes, which goes away with this, and a service that answers with `/OFFSET/LENGTH` of it.
struct Shelf {
    path: PathBuf,
    bytes: Vec<u8>,
}

impl Shelf {
    fn new(name: &str, length: usize) -> Arc<Self> {
        let path = std::env::temp_dir().join(format!("counterpart-{name}-{}", std::process::id()));
        let bytes: Vec<u8> = (0..length).map(|at| (at ^ (at >> 8) ^ (at >> 16)) as u8).collect();
        fs::write(&path, &bytes).unwrap();
        Arc::new(Self { path, bytes })
    }

    fn body(&self, offset: u64, length: u64) -> Body {
        Body::file_range(File::open(&self.path).unwrap(), offset, length)
    }

    fn cut_to(&self, length: u64) {
        File::options().write(true).open(&self.path).unwrap().set_len(length).unwrap();
    }

    /// How often this process has the file open.
    #[cfg(target_os = "linux")]
    fn open(&self) -> usize {
        let held = fs::read_dir("/proc/self/fd").unwrap().flatten();
        held.filter(|one| fs::read_link(one.path()).is_ok_and(|path| path == self.path)).count()
    }
}

impl Drop for Shelf {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.path);
    }
}

impl Service for Shelf {
    async fn call(&self, request: Request) -> std::result::Result<Response, Fault> {
        let mut numbers = request.path().split('/').skip(1).map(|number| number.parse().unwrap());
        let (offset, length) = (numbers.next().unwrap(), numbers.next().unwrap());
        Ok(Response::new(StatusCode::OK).with_body(self.body(offset, length)))
    }
}

/// Both ends of a TCP connection, the first with little room to send.
async fn tcp() -> (Tcp, TcpStream) {
    let listener = TcpSocket::new_v4().unwrap();
    listener.set_send_buffer_size(64 * 1024).unwrap();
    listener.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let listener = listener.listen(1).unwrap();
    let peer = TcpSocket::new_v4().unwrap();
    peer.set_recv_buffer_size(64 * 1024).unwrap();
    let peer = peer.connect(listener.local_addr().unwrap()).await.unwrap();
    let (ours, address) = listener.accept().await.unwrap();
    (Tcp::new(ours, address), peer)
}

/// A served connection of each kind, and the peer's end of it.
async fn of_each_kind(shelf: &Arc<Shelf>) -> [Upgraded; 3] {
    let house = House::new(Config::default());
    let (memory, of_memory) = pair(100_000);
    let (unix, of_unix) = UnixStream::pair().unwrap();
    let (tcp, of_tcp) = tcp().await;
    let address = of_tcp.local_addr().unwrap();
    tokio::spawn(serve(shelf.clone(), memory, house.clone()));
    tokio::spawn(serve(shelf.clone(), Unix::new(unix), house.clone()));
    tokio::spawn(serve(shelf.clone(), tcp, house));
    let nothing = BytesMut::new;
    [
        Upgraded::new(of_memory, nothing()),
        Upgraded::new(Unix::new(of_unix), nothing()),
        Upgraded::new(Tcp::new(of_tcp, address), nothing()),
    ]
}

fn get(offset: usize, length: usize) -> String {
    format!("GET /{offset}/{length} HTTP/1.1\r\nhost: a\r\n\r\n")
}

/// Reads a head, up to its empty line.
async fn head(peer: &mut (impl AsyncReadExt + Unpin)) -> String {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(peer.read_u8().await.unwrap());
    }
    String::from_utf8(head).unwrap()
}

async fn assert_gives(peer: &mut (impl AsyncReadExt + Unpin), expected: &[u8]) {
    let head = head(peer).await;
    assert!(head.starts_with("HTTP/1.1 200 OK\r\n"), "{head}");
    assert!(head.contains(&format!("\r\ncontent-length: {}\r\n", expected.len())), "{head}");
    let mut body = vec![0; expected.len()];
    peer.read_exact(&mut body).await.unwrap();
    assert!(body == expected, "other bytes, of {}", expected.len());
}

/// S51: the bytes that were asked for, from one request to the next on one connection.
#[tokio::test]
async fn parts_of_any_length_over_every_wire() {
    let shelf = Shelf::new("lengths", 5 << 20);
    for mut peer in of_each_kind(&shelf).await {
        for around in [0, 16 << 10, 64 << 10, 512 << 10, 5 << 20] {
            for length in [around - usize::from(around > 0), around, around + 1] {
                let length = length.min(shelf.bytes.len());
                for offset in [0, 1, 4097].map(|offset| offset.min(shelf.bytes.len() - length)) {
                    peer.write_all(get(offset, length).as_bytes()).await.unwrap();
                    assert_gives(&mut peer, &shelf.bytes[offset..offset + length]).await;
                }
            }
        }
    }
}

/// Requests that come together are answered in order; HEAD with the same head alone, 1.0 with the end of the connection.
#[tokio::test]
async fn requests_behind_a_file_are_answered() {
    let shelf = Shelf::new("pipelined", 1 << 20);
    for mut peer in of_each_kind(&shelf).await {
        let requests = [
            get(0, 1 << 20),
            get(7, 5),
            get(0, 100_000).replace("GET", "HEAD"),
            get(9, 100_000),
            get(0, 200_000).replace("HTTP/1.1", "HTTP/1.0"),
        ];
        let writing = requests.concat();
        peer.write_all(writing.as_bytes()).await.unwrap();
        assert_gives(&mut peer, &shelf.bytes).await;
        assert_gives(&mut peer, &shelf.bytes[7..12]).await;
        assert!(head(&mut peer).await.contains("\r\ncontent-length: 100000\r\n"));
        assert_gives(&mut peer, &shelf.bytes[9..100_009]).await;
        assert_gives(&mut peer, &shelf.bytes[..200_000]).await;
        assert_eq!(peer.read(&mut [0]).await.unwrap(), 0);
    }
}

/// S51: a file that becomes shorter while it is sent ends the connection before what was announced.
#[tokio::test]
async fn a_file_that_becomes_shorter_breaks_the_answer_off() {
    let length = 8 << 20;
    let shelf = Shelf::new("cut", length);
    for mut peer in of_each_kind(&shelf).await {
        fs::write(&shelf.path, &shelf.bytes).unwrap();
        peer.write_all([get(0, length), get(0, 1)].concat().as_bytes()).await.unwrap();
        assert!(head(&mut peer).await.contains("\r\ncontent-length: 8388608\r\n"));
        // More than all buffers hold is still in the file.
        shelf.cut_to(6 << 20);
        let mut body = Vec::new();
        peer.read_to_end(&mut body).await.unwrap();
        assert!(body.len() <= 6 << 20, "{} bytes", body.len());
        assert!(body == shelf.bytes[..body.len()]);
    }
}

/// T30: a peer that is reset in the middle of a download leaves nothing behind.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_reset_peer_leaves_no_file_open() {
    let shelf = Shelf::new("reset", 10 << 20);
    let house = House::new(Config::default());
    for _ in 0..100 {
        let (wire, mut peer) = tcp().await;
        tokio::spawn(serve(shelf.clone(), wire, house.clone()));
        peer.write_all(get(0, 10 << 20).as_bytes()).await.unwrap();
        peer.read_exact(&mut [0; 64 * 1024]).await.unwrap();
        assert_eq!(shelf.open(), 1);
        peer.set_zero_linger().unwrap();
        drop(peer);
        poll_fn(|cx| house.crowd.poll_fewer(1, cx)).await;
        assert_eq!(shelf.open(), 0);
    }
}

/// T22: a peer that takes less than 64 KiB of a file within the deadline is left; one that takes more is not.
#[tokio::test(start_paused = true)]
async fn a_peer_that_does_not_read_a_file_is_left() {
    let shelf = Shelf::new("stalled", 10 << 20);
    let mut config = Config::default();
    config.write_stall = Duration::from_secs(30);
    for (taken, left) in [(600 * 1024, false), (8 * 1024, true)] {
        let house = House::new(config.clone());
        let (wire, mut peer) = tcp().await;
        tokio::spawn(serve(shelf.clone(), wire, house.clone()));
        peer.write_all(get(0, 10 << 20).as_bytes()).await.unwrap();
        for _ in 0..4 {
            peer.read_exact(&mut vec![0; taken]).await.unwrap();
            tokio::time::sleep(Duration::from_secs(20)).await;
        }
        assert_eq!(house.crowd.count() == 0, left, "{taken} bytes each 20 s");
    }
}

/// A wire that sends files as fast as it is asked, or says that it cannot after some of them.
#[derive(Default)]
struct Sending {
    request: Option<String>,
    refuses_after: Option<usize>,
    seen: Arc<Seen>,
}

#[derive(Default)]
struct Seen {
    sent: AtomicUsize,
    written: AtomicUsize,
}

impl Wire for Sending {
    fn poll_read(&mut self, _: &mut Context<'_>, buffer: &mut BytesMut) -> Poll<Result<usize>> {
        let Some(request) = self.request.take() else { return Poll::Pending };
        buffer.extend_from_slice(request.as_bytes());
        Poll::Ready(Ok(request.len()))
    }

    fn poll_write(&mut self, _: &mut Context<'_>, bytes: &[u8]) -> Poll<Result<usize>> {
        self.seen.written.fetch_add(bytes.len(), Relaxed);
        Poll::Ready(Ok(bytes.len()))
    }

    fn sends_files(&self) -> bool {
        true
    }

    fn poll_send_file(
        &mut self,
        _: &mut Context<'_>,
        _: &File,
        offset: u64,
        length: usize,
    ) -> Poll<Result<usize>> {
        if self.refuses_after.is_some_and(|after| offset >= after as u64) {
            return Poll::Ready(Err(ErrorKind::Unsupported.into()));
        }
        self.seen.sent.fetch_add(length, Relaxed);
        Poll::Ready(Ok(length))
    }

    fn poll_flush(&mut self, _: &mut Context<'_>) -> Poll<Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(&mut self, _: &mut Context<'_>) -> Poll<Result<()>> {
        Poll::Ready(Ok(()))
    }
}

/// T36: a file that never waits does not keep a thread from its other connections.
#[tokio::test]
async fn a_file_lets_others_have_their_turn() {
    let shelf = Shelf::new("fair", 8 << 20);
    let wire = Sending { request: Some(get(0, 8 << 20)), ..Sending::default() };
    let seen = wire.seen.clone();
    let mut served = Box::pin(serve(shelf, wire, House::new(Config::default())));
    let mut cx = Context::from_waker(Waker::noop());
    for turn in 1..=16 {
        assert!(served.as_mut().poll(&mut cx).is_pending());
        assert_eq!(seen.sent.load(Relaxed), turn << 19);
    }
}

/// A file that cannot be sent as it is, which shows only when it is tried, is read.
#[tokio::test]
async fn a_file_that_the_system_does_not_send_is_read() {
    let shelf = Shelf::new("unsendable", 3 << 20);
    let wire = Sending {
        request: Some(get(0, 3 << 20).replace("host", "connection: close\r\nhost")),
        refuses_after: Some(1 << 20),
        ..Sending::default()
    };
    let seen = wire.seen.clone();
    serve(shelf, wire, House::new(Config::default())).await;
    assert_eq!(seen.sent.load(Relaxed), 1 << 20);
    let head = seen.written.load(Relaxed) - (2 << 20);
    assert!((50..200).contains(&head), "{head} bytes beside the file's");
}

/// A body that passes layers as it is stays a file, layers of `tower`'s as well as our own.
#[tokio::test]
async fn layers_leave_a_file_a_file() {
    let shelf = Shelf::new("layered", 1 << 20);
    let app = App::new()
        .fallback(move |_| {
            let body = shelf.body(0, 1 << 20);
            async { Response::new(StatusCode::OK).with_body(body) }
        })
        .around(async |request: Request, next: Next| next.run(request).await)
        .layer(tower_http::cors::CorsLayer::permissive());
    let request = Some(get(0, 0).replace("host", "connection: close\r\nhost"));
    let wire = Sending { request, ..Sending::default() };
    let seen = wire.seen.clone();
    serve(Arc::new(app.assemble().unwrap()), wire, House::new(Config::default())).await;
    assert_eq!(seen.sent.load(Relaxed), 1 << 20);
}

/// C19: a client sends a file as a server does, and says what became of one that was cut.
#[tokio::test]
async fn a_client_uploads_a_file() {
    let shelf = Shelf::new("upload", 2 << 20);
    for cut in [false, true] {
        let (wire, mut peer) = tcp().await;
        let mut connection = Connector::new().over(wire);
        let body = shelf.body(1, (2 << 20) - 1);
        if cut {
            shelf.cut_to(1 << 20);
        }
        let upload = Request::new(Method::POST, "/").with_body(body);
        let hearing = async {
            head(&mut peer).await;
            let mut body = Vec::new();
            (&mut peer).take((2 << 20) - 1).read_to_end(&mut body).await.unwrap();
            peer.write_all(b"HTTP/1.1 204 No Content\r\n\r\n").await.unwrap();
            body
        };
        let calling = async {
            let answered = connection.send(upload).await.map(|answer| answer.status());
            connection.close();
            answered
        };
        let (answered, heard) = tokio::join!(calling, hearing);
        match cut {
            false => assert_eq!(answered.unwrap(), StatusCode::NO_CONTENT),
            true => assert_eq!(answered.unwrap_err().kind(), FaultKind::Content),
        }
        assert!(heard == shelf.bytes[1..if cut { 1 << 20 } else { 2 << 20 }]);
    }
}

/// Without a runtime it is read by the thread that asks.
#[test]
fn a_client_that_waits_uploads_a_file() {
    use std::io::{Read, Write};

    let shelf = Shelf::new("waiting", 300_000);
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let body = shelf.body(0, 300_000);
    let calling = std::thread::spawn(move || {
        let mut connection = counterpart::client::blocking::Connection::connect(&address).unwrap();
        let upload = Request::new(Method::POST, "/").with_body(body);
        connection.send(upload).unwrap().status()
    });
    let (mut peer, _) = listener.accept().unwrap();
    let (mut heard, end) = (Vec::new(), shelf.bytes.len());
    while heard
        .windows(4)
        .position(|at| at == b"\r\n\r\n")
        .is_none_or(|at| heard.len() - at - 4 < end)
    {
        let mut block = [0; 8192];
        let read = peer.read(&mut block).unwrap();
        heard.extend_from_slice(&block[..read]);
    }
    peer.write_all(b"HTTP/1.1 204 No Content\r\n\r\n").unwrap();
    assert_eq!(calling.join().unwrap(), StatusCode::NO_CONTENT);
    assert!(heard.ends_with(&shelf.bytes));
}
