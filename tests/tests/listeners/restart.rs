//! One process takes over from another, and nobody notices.

use std::net::{SocketAddr, TcpListener, TcpStream};
use std::os::fd::OwnedFd;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;

use super::ask;
use super::child::Process;

/// Asks without pause until it is told to stop; each answer that does not come is asked for once more.
fn calls(address: SocketAddr, stop: Arc<AtomicBool>) -> thread::JoinHandle<(usize, usize)> {
    thread::spawn(move || {
        let (mut answered, mut failed) = (0, 0);
        while !stop.load(Ordering::Relaxed) {
            let once = || {
                let stream = TcpStream::connect(address).ok()?;
                std::panic::catch_unwind(|| ask(stream, "/a")).ok()
            };
            match once().or_else(once) {
                Some(answer) if answer.ends_with("\r\n\r\n/a") => answered += 1,
                _ => failed += 1,
            }
        }
        (answered, failed)
    })
}

/// Restarts a server again and again, the new one before the old one stops.
fn restarts(address: SocketAddr, start: impl Fn() -> Process) {
    let (mut old, stop) = (start(), Arc::new(AtomicBool::new(false)));
    old.address();
    let callers: Vec<_> = (0..4).map(|_| calls(address, stop.clone())).collect();
    for _ in 0..3 {
        let mut new = start();
        new.address();
        old.signal("TERM");
        assert!(old.ended());
        old = new;
    }
    stop.store(true, Ordering::Relaxed);
    let (answered, failed) = (AtomicUsize::new(0), AtomicUsize::new(0));
    for caller in callers {
        let (good, bad) = caller.join().unwrap();
        answered.fetch_add(good, Ordering::Relaxed);
        failed.fetch_add(bad, Ordering::Relaxed);
    }
    assert_eq!(failed.into_inner(), 0, "of {answered:?} that were answered");
    assert!(answered.into_inner() > 20);
    old.signal("TERM");
    assert!(old.ended());
}

/// T74: the socket is passed from outside, as systemd does; what waits in it waits for whoever comes next.
#[test]
fn a_passed_socket_outlives_its_servers() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    restarts(address, || {
        let passed = OwnedFd::from(listener.try_clone().unwrap());
        let by_hand = "export LISTEN_FDS=1 LISTEN_FDS_FIRST_FD=0 LISTEN_PID=$$; ";
        Process::start("inherited", by_hand, passed.into())
    });
}

/// T74: two processes share a port.
#[test]
#[cfg(target_os = "linux")]
fn a_shared_port_passes_from_one_process_to_the_next() {
    // Bound but not listening: it keeps the port from everybody who does not share it.
    let keeper = socket2::Socket::new(socket2::Domain::IPV4, socket2::Type::STREAM, None).unwrap();
    keeper.set_reuse_port(true).unwrap();
    keeper.bind(&SocketAddr::from(([127, 0, 0, 1], 0)).into()).unwrap();
    let port = keeper.local_addr().unwrap().as_socket().unwrap();
    restarts(port, || Process::start(&format!("{port}?shared"), "", std::process::Stdio::null()));
}

/// T75: a port is free at once when its server was killed.
#[test]
fn a_port_is_free_again_after_a_kill() {
    let mut old = Process::start("127.0.0.1:0", "", std::process::Stdio::null());
    let address = old.address();
    let kept = TcpStream::connect(&*address).unwrap();
    assert!(ask(TcpStream::connect(&*address).unwrap(), "/a").ends_with("/a"));
    old.signal("KILL");
    assert!(!old.ended());
    let mut new = Process::start(&address, "", std::process::Stdio::null());
    assert_eq!(new.address(), address);
    assert!(ask(TcpStream::connect(&*address).unwrap(), "/a").ends_with("/a"));
    drop(kept);
}
