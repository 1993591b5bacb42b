//! Connections that come and go by the thousand: nothing of them stays.

use std::fs;
use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::process::Stdio;
use std::time::{Duration, Instant};

use socket2::SockRef;

use super::child::Process;

/// What a process holds: file descriptors, and KiB of memory.
fn holds(process: u32) -> (usize, u64) {
    let descriptors = fs::read_dir(format!("/proc/{process}/fd")).unwrap().count();
    let status = fs::read_to_string(format!("/proc/{process}/status")).unwrap();
    let resident = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    (descriptors, resident.trim().trim_end_matches(" kB").parse().unwrap())
}

/// Does something to a server by the round. What is left behind is left in each round; what a round only needs more
/// of, for its peers came closer together, is not.
fn rounds(times: usize, once: impl Fn(SocketAddr, usize)) {
    let mut process = Process::start("127.0.0.1:0", "", Stdio::null());
    let address: SocketAddr = process.address().parse().unwrap();
    let (at_rest, mut before) = holds(process.id());
    for _ in 0..8 {
        (0..times).for_each(|number| once(address, number));
        let since = Instant::now();
        // The server itself takes one more when it begins to serve.
        while holds(process.id()).0 > at_rest + 1 {
            let left = holds(process.id()).0;
            assert!(since.elapsed() < Duration::from_secs(20), "{left} of {at_rest} descriptors");
            std::thread::sleep(Duration::from_millis(10));
        }
        let (_, now) = holds(process.id());
        if now < before + 256 {
            return;
        }
        before = now;
    }
    panic!("{before} KiB, and more in each round");
}

/// Leaves without a word: the peer is reset.
fn reset(stream: &TcpStream) {
    SockRef::from(stream).set_linger(Some(Duration::ZERO)).unwrap();
}

/// T28: a third of them says half a request.
#[test]
fn connections_leave_nothing_behind() {
    rounds(3000, |address, number| {
        let mut stream = TcpStream::connect(address).unwrap();
        if number % 3 == 0 {
            stream.write_all(b"GET /a HTTP/1.1\r\nhost: a").unwrap();
        }
    });
}

/// T29: who leaves within a body takes the call along.
#[test]
fn bodies_that_break_off_leave_nothing_behind() {
    rounds(1000, |address, number| {
        let mut stream = TcpStream::connect(address).unwrap();
        let head = "POST /body HTTP/1.1\r\nhost: a\r\ncontent-length: 100000\r\n\r\n";
        stream.write_all(head.as_bytes()).unwrap();
        stream.write_all(&vec![b'x'; number * 37 % 50000]).unwrap();
        match number % 2 {
            0 => reset(&stream),
            _ => stream.shutdown(Shutdown::Write).unwrap(),
        }
    });
}

/// T30: so does who leaves within an answer.
#[test]
fn answers_that_break_off_leave_nothing_behind() {
    rounds(500, |address, _| {
        let mut stream = TcpStream::connect(address).unwrap();
        stream.write_all(b"GET /large HTTP/1.1\r\nhost: a\r\n\r\n").unwrap();
        stream.read_exact(&mut [0; 65536]).unwrap();
        reset(&stream);
    });
}

/// T26: an idle connection holds next to nothing, before its first request and after.
#[test]
fn idle_connections_cost_little() {
    let mut process = Process::start("127.0.0.1:0", "", Stdio::null());
    let address: SocketAddr = process.address().parse().unwrap();
    let asks = |stream: &mut TcpStream| {
        stream.write_all(b"GET /a HTTP/1.1\r\nhost: a\r\n\r\n").unwrap();
        let (mut answer, mut room) = (Vec::new(), [0; 256]);
        while !answer.ends_with(b"/a") {
            let read = stream.read(&mut room).unwrap();
            answer.extend_from_slice(&room[..read]);
        }
    };
    let keep = |number: u64| -> Vec<TcpStream> {
        let connect = |_| TcpStream::connect(address).unwrap();
        let mut kept: Vec<_> = (0..number).map(connect).collect();
        // The last is answered once all before it were accepted.
        asks(kept.last_mut().unwrap());
        kept
    };
    drop(keep(20));
    let (_, before) = holds(process.id());
    let mut kept = keep(800);
    let (_, silent) = holds(process.id());
    assert!(silent.saturating_sub(before) < 800 * 4 + 1024, "{before} KiB, then {silent} KiB");
    kept.iter_mut().for_each(asks);
    let (_, asked) = holds(process.id());
    assert!(asked.saturating_sub(before) < 800 * 8 + 1024, "{before} KiB, then {asked} KiB");
}
