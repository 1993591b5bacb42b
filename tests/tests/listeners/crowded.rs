//! More connections than there is room for.

use std::io::{ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

use counterpart::server::{Server, Workers};

use super::child::Process;
use super::{Running, ask, away, config, talk};

/// Half a request: the connection is not idle, and holds its place.
fn hold(address: SocketAddr) -> TcpStream {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.write_all(b"GET /a HTTP/1.1\r\nhost: ").unwrap();
    stream
}

/// A connection that was answered once: the server has surely taken it.
fn keep(address: SocketAddr) -> TcpStream {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.write_all(b"GET /kept HTTP/1.1\r\nhost: a\r\n\r\n").unwrap();
    let (mut answer, mut byte) = (Vec::new(), [0]);
    while !answer.ends_with(b"/kept") {
        stream.read_exact(&mut byte).unwrap();
        answer.push(byte[0]);
    }
    stream
}

/// T27: one peer cannot have all connections, where the server says so.
#[tokio::test]
async fn one_peer_has_only_so_many_connections() {
    let server = Server::bind("127.0.0.1:0").await.unwrap();
    let address = server.local_addr();
    let running = Running::start(server.with_config(config(|c| c.per_peer = Some(2))), talk());
    away(move || {
        let held = [keep(address), keep(address)];
        let refused = ask(TcpStream::connect(address).unwrap(), "/a");
        assert!(refused.starts_with("HTTP/1.1 429 "), "{refused}");
        assert!(refused.contains("http.too-many-connections"), "{refused}");
        drop(held);
        let again = Instant::now();
        while !ask(TcpStream::connect(address).unwrap(), "/a").ends_with("/a") {
            assert!(again.elapsed() < Duration::from_secs(10), "no place became free");
        }
    })
    .await;
    running.stop().await;
}

/// T27: workers count the connections of a peer together.
#[tokio::test]
async fn one_peer_has_only_so_many_connections_of_all_workers() {
    let workers = Workers::bind("127.0.0.1:0").await.unwrap();
    let address = workers.local_addr();
    let workers =
        workers.with_count(3.try_into().unwrap()).with_config(config(|c| c.per_peer = Some(4)));
    let calls = away(move || {
        let _held = [keep(address), keep(address), keep(address), keep(address)];
        let refused = ask(TcpStream::connect(address).unwrap(), "/a");
        assert!(refused.starts_with("HTTP/1.1 429 "), "{refused}");
    });
    workers.serve_until(talk(), calls).await.unwrap();
}

/// T71: without file descriptors the server neither spins nor dies, and is well as soon as some are free.
#[test]
#[cfg(target_os = "linux")]
fn a_server_without_file_descriptors_goes_on() {
    let mut process = Process::start("127.0.0.1:0", "ulimit -n 40; ", std::process::Stdio::null());
    let address: SocketAddr = process.address().parse().unwrap();
    let held: Vec<TcpStream> = (0..80).map(|_| hold(address)).collect();
    // None of those that it has is idle, so of the rest the first are turned away.
    assert!(held.iter().any(is_closed));
    let (before, since) = (cpu(process.id()), Instant::now());
    std::thread::sleep(Duration::from_secs(1));
    let share = (cpu(process.id()) - before).as_secs_f64() / since.elapsed().as_secs_f64();
    assert!(share < 0.05, "{share} of a core while full");
    drop(held);
    let since = Instant::now();
    assert!(ask(TcpStream::connect(address).unwrap(), "/a").ends_with("/a"));
    assert!(since.elapsed() < Duration::from_secs(5), "{:?}", since.elapsed());
    // Idle ones make room at once.
    let idle: Vec<TcpStream> = (0..80).map(|_| TcpStream::connect(address).unwrap()).collect();
    assert!(ask(TcpStream::connect(address).unwrap(), "/a").ends_with("/a"));
    drop(idle);
}

/// Whether the server has closed a connection, in words or by force.
fn is_closed(mut stream: &TcpStream) -> bool {
    stream.set_read_timeout(Some(Duration::from_millis(20))).unwrap();
    match stream.read(&mut [0]) {
        Ok(read) => read == 0,
        Err(error) => error.kind() == ErrorKind::ConnectionReset,
    }
}

/// The time that a process has spent at work.
#[cfg(target_os = "linux")]
fn cpu(process: u32) -> Duration {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).unwrap();
    let fields = stat.rsplit(") ").next().unwrap().split(' ');
    let ticks: u64 = fields.skip(11).take(2).map(|field| field.parse::<u64>().unwrap()).sum();
    Duration::from_millis(ticks * 10)
}
