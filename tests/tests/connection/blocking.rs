//! The same by a thread that waits, against peers in threads of their own.

use std::io::{BufRead, Read, Write};
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use counterpart::client::blocking::Connection;
use counterpart::client::{Connector, Length, Origin, Timeouts};
use counterpart::http::{HeaderMap, HeaderValue, StatusCode};
use counterpart::service::{Deadline, FaultKind, Phase};
use counterpart::{Body, Request};

use super::house::{HI, get, post, with};

/// A peer that plays a script on the first connection.
fn peer<T: Send + 'static>(
    script: impl FnOnce(TcpStream) -> T + Send + 'static,
) -> (SocketAddr, JoinHandle<T>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    (address, thread::spawn(move || script(listener.accept().unwrap().0)))
}

fn hear_until(stream: &mut TcpStream, end: &str) -> String {
    let (mut heard, mut byte) = (Vec::new(), [0]);
    while !heard.ends_with(end.as_bytes()) {
        stream.read_exact(&mut byte).unwrap();
        heard.push(byte[0]);
    }
    String::from_utf8(heard).unwrap()
}

fn answer(stream: &mut TcpStream, text: &str) -> String {
    let head = hear_until(stream, "\r\n\r\n");
    stream.write_all(text.as_bytes()).unwrap();
    head
}

fn connect(address: SocketAddr) -> Connection {
    Connection::connect(&address.to_string()).unwrap()
}

fn connect_by(connector: &Connector, address: SocketAddr) -> Connection {
    Connection::connect_by(connector, &address.to_string().parse().unwrap()).unwrap()
}

const CHUNKED: &str = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n\
    6\r\none\ntw\r\n2\r\no\n\r\n0\r\nx-sum: 1\r\n\r\n";

/// C62: request after request, read whole, by lines and by pieces.
#[test]
fn many_requests_on_one() {
    let (address, peer) = peer(|mut stream| {
        let head = answer(&mut stream, HI);
        answer(&mut stream, CHUNKED);
        answer(&mut stream, CHUNKED);
        answer(&mut stream, "HTTP/1.1 204 No\r\nconnection: close\r\n\r\n");
        head
    });
    let mut connection = connect(address);
    let mut first = connection.send(get("/a")).unwrap();
    assert_eq!((first.status(), first.reason()), (StatusCode::OK, "OK"));
    assert_eq!(first.text().unwrap(), "hi");
    let lines = connection.send(get("/b")).unwrap().lines();
    assert_eq!(lines.map(Result::unwrap).collect::<Vec<_>>(), ["one", "two"]);
    let mut third = connection.send(get("/c")).unwrap();
    assert_eq!(third.chunk().unwrap().unwrap(), "one\ntw");
    let mut rest = String::new();
    third.read_to_string(&mut rest).unwrap();
    assert_eq!(
        (rest.as_str(), &third.trailers().unwrap()["x-sum"]),
        ("o\n", &HeaderValue::from_static("1"))
    );
    assert!(connection.is_open());
    drop(connection.send(get("/d")).unwrap());
    let fault = connection.send(get("/e")).unwrap_err();
    assert_eq!(fault.kind(), FaultKind::NotConnected);
    assert!(!connection.is_open());
    connection.close();
    let expected =
        format!("GET /a HTTP/1.1\r\nhost: {address}\r\naccept-encoding: identity\r\n\r\n");
    assert_eq!(peer.join().unwrap(), expected);
}

/// C15: content by hand, in chunks, with trailers.
#[test]
fn chunks() {
    let (address, peer) = peer(|mut stream| {
        hear_until(&mut stream, "\r\n\r\n");
        let heard = hear_until(&mut stream, "x: y\r\n\r\n");
        stream.write_all(HI.as_bytes()).unwrap();
        heard
    });
    let mut connection = connect(address);
    let mut writer = connection.start(post(""), Length::Unknown).unwrap();
    writer.send("one").unwrap();
    writer.write_all(b"three").unwrap();
    writer.flush().unwrap();
    let mut trailers = HeaderMap::new();
    trailers.insert("x", HeaderValue::from_static("y"));
    assert_eq!(writer.finish_with(trailers).unwrap().text().unwrap(), "hi");
    assert_eq!(peer.join().unwrap(), "3\r\none\r\n5\r\nthree\r\n0\r\nx: y\r\n\r\n");
}

/// C29: a peer that answers early is heard, though it takes nothing more.
#[test]
fn an_early_answer() {
    let (address, peer) = peer(|mut stream| {
        answer(&mut stream, "HTTP/1.1 413 No\r\ncontent-length: 2\r\n\r\nno");
        stream
    });
    let mut connection = connect(address);
    let mut early = connection.send(post(vec![b'x'; 64 << 20])).unwrap();
    assert_eq!(early.status(), StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(early.text().unwrap(), "no");
    assert!(!connection.is_open());
    drop(peer.join().unwrap());
}

/// C26: the head's time is absolute, however steadily it drips; each other wait has its own.
#[test]
fn phases() {
    let mut timeouts = Timeouts::default();
    timeouts.head = Duration::from_millis(200);
    timeouts.body = Duration::from_millis(100);
    let connector = Connector::new().timeouts(timeouts);
    let (address, dripping) = peer(|mut stream| {
        hear_until(&mut stream, "\r\n\r\n");
        while stream.write_all(b"HTTP/1.1 100 Continue\r\n\r\n").is_ok() {
            thread::sleep(Duration::from_millis(20));
        }
    });
    let mut connection = connect_by(&connector, address);
    let start = Instant::now();
    let fault = connection.send(get("/")).unwrap_err();
    assert_eq!(fault.kind(), FaultKind::Timeout(Phase::Head));
    assert!(start.elapsed() >= timeouts.head);
    dripping.join().unwrap();

    let (address, stalling) = peer(|mut stream| {
        answer(&mut stream, &HI.replace('2', "9"));
        stream
    });
    let mut connection = connect_by(&connector, address);
    let mut stalled = connection.send(get("/")).unwrap();
    assert_eq!(stalled.text().unwrap_err().kind(), FaultKind::Timeout(Phase::Body));
    drop(stalling.join().unwrap());

    let (address, silent) = peer(|mut stream| {
        hear_until(&mut stream, "\r\n\r\n");
        stream
    });
    let mut request = get("/");
    request.extensions.insert(Deadline(Duration::from_millis(50)));
    let fault = connect(address).send(request).unwrap_err();
    assert_eq!(fault.kind(), FaultKind::Timeout(Phase::Total));
    drop(silent.join().unwrap());
}

/// `Expect` is honoured, and a go-ahead that does not come is not waited for.
#[test]
fn expectations() {
    for word in ["HTTP/1.1 100 Continue\r\n\r\n", ""] {
        let (address, peer) = peer(move |mut stream| {
            answer(&mut stream, word);
            hear_until(&mut stream, "content");
            stream.write_all(HI.as_bytes()).unwrap();
        });
        let mut timeouts = Timeouts::default();
        timeouts.expect = Duration::from_millis(30);
        let mut connection = connect_by(&Connector::new().timeouts(timeouts), address);
        let request = with(post("content"), "expect", "100-continue");
        assert_eq!(connection.send(request).unwrap().text().unwrap(), "hi");
        peer.join().unwrap();
    }
}

/// Content that another thread feeds.
#[test]
fn fed_content() {
    let (address, peer) = peer(|mut stream| {
        hear_until(&mut stream, "0\r\n\r\n");
        stream.write_all(HI.as_bytes()).unwrap();
    });
    let (inlet, body) = Body::fed(None);
    let feeding = thread::spawn(move || {
        thread::sleep(Duration::from_millis(30));
        inlet.give("fed".into());
        inlet.end(None);
    });
    assert_eq!(connect(address).send(post(body)).unwrap().text().unwrap(), "hi");
    feeding.join().unwrap();
    peer.join().unwrap();
}

/// C52, C27, C36: cut short is cut short; where it comes from; a peer without a word.
#[test]
fn faults() {
    let (address, peer) = peer(|mut stream| {
        answer(&mut stream, &HI.replace('2', "9"));
        stream.peer_addr().unwrap().ip()
    });
    let from = IpAddr::from(Ipv4Addr::new(127, 0, 0, 3));
    let mut connection = connect_by(&Connector::new().local_address(from), address);
    let fault = connection.send(get("/")).unwrap().collect(99).unwrap_err();
    assert_eq!(fault.kind(), FaultKind::Incomplete { received: 2, expected: Some(9) });
    assert_eq!(peer.join().unwrap(), from);

    let (address, peer) = self::peer(|mut stream| {
        hear_until(&mut stream, "\r\n\r\n");
    });
    let fault = connect(address).send(get("/")).unwrap_err();
    assert_eq!(fault.kind(), FaultKind::Disconnected { reused: false });
    peer.join().unwrap();
    assert_eq!(Connection::connect("h:abc").unwrap_err().kind(), FaultKind::InvalidUrl);
    let fault = Connection::connect(&address.to_string()).unwrap_err();
    assert_eq!(fault.kind(), FaultKind::Connect);
}

/// C56: after 101 the wire is ours, with what has come already.
#[test]
fn upgrades() {
    let (address, peer) = peer(|mut stream| {
        answer(
            &mut stream,
            "HTTP/1.1 101 Switching\r\nconnection: upgrade\r\nupgrade: echo\r\n\r\nfirst",
        );
        let heard = hear_until(&mut stream, "then");
        thread::sleep(Duration::from_millis(80));
        stream.write_all(b"last").unwrap();
        heard
    });
    let mut connection = connect(address);
    let request: Request = with(with(get("/"), "connection", "upgrade"), "upgrade", "echo");
    let mut wire = connection.send(request).unwrap().upgrade().unwrap();
    let mut first = [0; 5];
    wire.read_exact(&mut first[..2]).unwrap();
    wire.read_exact(&mut first[2..]).unwrap();
    assert_eq!(&first, b"first");
    wire.write_all(b"then").unwrap();
    let mut last = String::new();
    wire.read_to_string(&mut last).unwrap();
    assert_eq!(last, "last");
    assert_eq!(peer.join().unwrap(), "then");
}

#[cfg(unix)]
#[test]
fn a_unix_socket() {
    let path = std::env::temp_dir().join(format!("counterpart-b-{}.sock", std::process::id()));
    let listener = std::os::unix::net::UnixListener::bind(&path).unwrap();
    let peer = thread::spawn(move || {
        let mut stream = listener.accept().unwrap().0;
        let _ = stream.read(&mut [0; 256]).unwrap();
        stream.write_all(HI.as_bytes()).unwrap();
    });
    let mut connection = Connection::connect_by(&Connector::new(), &Origin::socket(&path)).unwrap();
    assert_eq!(connection.send(get("/")).unwrap().text().unwrap(), "hi");
    peer.join().unwrap();
    std::fs::remove_file(&path).unwrap();
}
