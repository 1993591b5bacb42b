//! The end of a server: what is in flight is answered, and it always comes.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::os::unix::net::UnixStream;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use counterpart::http::StatusCode;
use counterpart::prelude::*;
use counterpart::server::{Server, Workers};
use counterpart::service::from_fn;
use counterpart::{Body, Bytes, Response};

use super::child::Process;
use super::{Folder, Running, ask, away, config, talk};

/// S3: who waits to be accepted when the server stops is still let in, and who comes later is refused.
#[tokio::test(flavor = "current_thread")]
async fn who_came_before_the_end_is_answered() {
    let server = Server::bind("127.0.0.1:0").await.unwrap();
    let address = server.local_addr();
    // The runtime has one thread, which is this: nobody accepts while it connects and asks.
    let mut waiting: Vec<TcpStream> =
        (0..20).map(|_| TcpStream::connect(address).unwrap()).collect();
    for stream in &mut waiting[..10] {
        stream.write_all(b"GET /a HTTP/1.1\r\nhost: a\r\n\r\n").unwrap();
    }
    let asked = thread::spawn(move || {
        for (number, stream) in waiting.iter_mut().enumerate() {
            if number >= 10 {
                stream.write_all(b"GET /a HTTP/1.1\r\nhost: a\r\n\r\n").unwrap();
            }
            let mut answer = String::new();
            stream.read_to_string(&mut answer).unwrap();
            assert!(answer.contains("\r\nconnection: close\r\n"), "{number}: {answer}");
            assert!(answer.ends_with("/a"), "{number}: {answer}");
        }
    });
    server.serve_until(talk(), async {}).await.unwrap();
    asked.join().unwrap();
    assert!(TcpStream::connect(address).is_err());
}

/// T72: a program that is told to stop under load answers all that it was asked, and says that it ends.
#[test]
fn a_signal_under_load_loses_no_request() {
    let mut process = Process::start("127.0.0.1:0", "", std::process::Stdio::null());
    let address: SocketAddr = process.address().parse().unwrap();
    let begun = Arc::new(AtomicBool::new(false));
    let busy: Vec<_> = (0..24)
        .map(|number| {
            let begun = begun.clone();
            thread::spawn(move || {
                ask_until_told(address, if number < 4 { "/slow" } else { "/a" }, &begun)
            })
        })
        .collect();
    while !begun.load(Ordering::Relaxed) {
        thread::yield_now();
    }
    let signalled = Instant::now();
    process.signal("TERM");
    assert!(process.ended());
    assert!(signalled.elapsed() < Duration::from_secs(5), "{:?}", signalled.elapsed());
    let answered: usize = busy.into_iter().map(|asking| asking.join().unwrap()).sum();
    assert!(answered > 100, "{answered}");
}

/// Asks again and again on one connection, until an answer says that it is the last. How many were answered.
fn ask_until_told(address: SocketAddr, path: &str, begun: &AtomicBool) -> usize {
    let mut stream = TcpStream::connect(address).unwrap();
    for answered in 1.. {
        write!(stream, "GET {path} HTTP/1.1\r\nhost: a\r\n\r\n").unwrap();
        let (mut answer, mut room) = (String::new(), [0; 1024]);
        while !answer.ends_with(path) {
            let read = stream.read(&mut room).unwrap();
            assert!(read > 0, "closed within answer {answered} to {path}: {answer:?}");
            answer.push_str(std::str::from_utf8(&room[..read]).unwrap());
        }
        if answer.contains("\r\nconnection: close\r\n") {
            return answered;
        }
        if answered == 10 {
            begun.store(true, Ordering::Relaxed);
        }
    }
    0
}

/// An endless answer, at `/endless`; else the whole body.
fn patient() -> impl counterpart::Service {
    from_fn(async |request: Request| {
        let ok = Response::new(StatusCode::OK);
        if request.path() != "/endless" {
            return Ok(ok.with_body(request.body.collect(1 << 20).await?));
        }
        let (inlet, body) = Body::fed(None);
        tokio::spawn(async move {
            while let counterpart::body::Want::Data =
                std::future::poll_fn(|cx| inlet.poll_want(cx)).await
            {
                inlet.give(Bytes::from_static(&[b'x'; 65536]));
            }
        });
        Ok(ok.with_body(body))
    })
}

/// Peers that stall in every way there is.
fn stalled(address: SocketAddr) -> Vec<TcpStream> {
    let begin = |bytes: &[u8]| {
        let mut stream = TcpStream::connect(address).unwrap();
        stream.write_all(bytes).unwrap();
        stream
    };
    let mut peers = vec![
        begin(b""),
        begin(b"GET / HT"),
        begin(b"POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 9\r\n\r\nhalf"),
        begin(b"POST / HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n5\r\nha"),
        begin(b"GET /endless HTTP/1.1\r\nhost: a\r\n\r\n"),
    ];
    // The slow reader has its answer begun.
    peers[4].read_exact(&mut [0; 9]).unwrap();
    peers
}

/// T73: the end comes by its deadline, whatever the peers do.
#[tokio::test(flavor = "multi_thread")]
async fn stalled_peers_do_not_keep_a_server() {
    let server = Server::bind("127.0.0.1:0").await.unwrap();
    let address = server.local_addr();
    let limit = config(|c| c.shutdown = Duration::from_millis(700));
    let running = Running::start(server.with_config(limit), patient());
    let peers = away(move || stalled(address)).await;
    let since = Instant::now();
    running.stop().await;
    assert!(since.elapsed() < Duration::from_secs(3), "{:?}", since.elapsed());
    drop(peers);
}

/// T73: so with workers, even where a handler blocks its thread.
#[tokio::test(flavor = "multi_thread")]
async fn nothing_keeps_workers_beyond_their_deadline() {
    let (unblock, blocked) = std::sync::mpsc::channel::<()>();
    let blocked = Arc::new(std::sync::Mutex::new(blocked));
    let blocks = from_fn(move |_| {
        let blocked = blocked.clone();
        async move {
            let _ = blocked.lock().unwrap().recv();
            Ok(Response::new(StatusCode::OK))
        }
    });
    let workers = Workers::bind("127.0.0.1:0").await.unwrap();
    let address = workers.local_addr();
    let limit = config(|c| c.shutdown = Duration::from_millis(100));
    let asked = away(move || {
        let mut stream = TcpStream::connect(address).unwrap();
        stream.write_all(b"GET / HTTP/1.1\r\nhost: a\r\n\r\n").unwrap();
        stream
    });
    let mut kept = None;
    let shutdown = async { kept = Some(asked.await) };
    let since = Instant::now();
    workers.with_config(limit).serve_until(blocks, shutdown).await.unwrap();
    assert!(since.elapsed() < Duration::from_secs(5), "{:?}", since.elapsed());
    drop((unblock, kept));
}

#[get("/wait")]
async fn wait() {
    std::future::pending().await
}

api!(Waits: wait);

/// T73: so with an app.
#[tokio::test(flavor = "multi_thread")]
async fn stalled_peers_do_not_keep_an_app() {
    let bound = App::new().mount(Waits).bind("127.0.0.1:0").await.unwrap();
    let address = bound.addr();
    let bound = bound.with_config(config(|c| c.shutdown = Duration::from_millis(700)));
    let mut peers = Vec::new();
    let shutdown = async {
        let stall = move || {
            let mut stream = TcpStream::connect(address).unwrap();
            stream.write_all(b"GET /wait HTTP/1.1\r\nhost: a\r\n\r\nGET /wa").unwrap();
            stream
        };
        peers.push(away(stall).await);
    };
    let since = Instant::now();
    bound.serve_until(shutdown).await.unwrap();
    assert!(since.elapsed() < Duration::from_secs(3), "{:?}", since.elapsed());
}

/// S3: a second signal ends a program at once.
#[test]
fn a_second_signal_does_not_wait() {
    let mut process = Process::start("127.0.0.1:0", "", std::process::Stdio::null());
    let address: SocketAddr = process.address().parse().unwrap();
    let mut stream = TcpStream::connect(address).unwrap();
    stream.write_all(b"GET /never HTTP/1.1\r\nhost: a\r\n\r\n").unwrap();
    process.hears("called");
    process.signal("TERM");
    while TcpStream::connect(address).is_ok() {
        thread::yield_now();
    }
    process.signal("TERM");
    assert!(!process.ended());
    assert_eq!(stream.read(&mut [0]).unwrap_or(0), 0);
}

/// T73: a handler that blocks its thread does not keep the program beyond the deadline.
#[test]
fn a_blocked_thread_does_not_keep_a_program() {
    let mut process =
        Process::start("127.0.0.1:0", "export TEST_SHUTDOWN=1; ", std::process::Stdio::null());
    let mut stream = TcpStream::connect(process.address()).unwrap();
    stream.write_all(b"GET /block HTTP/1.1\r\nhost: a\r\n\r\n").unwrap();
    process.hears("called");
    let since = Instant::now();
    process.signal("TERM");
    assert!(process.ended());
    assert!(since.elapsed() < Duration::from_secs(10), "{:?}", since.elapsed());
}

/// S3: a server whose future is dropped is closed too, and its connections come to an end.
#[tokio::test(flavor = "multi_thread")]
async fn a_dropped_server_ends() {
    let server = Server::bind("127.0.0.1:0").await.unwrap();
    let address = server.local_addr();
    let running = Running::start(server, talk());
    let mut stream = away(move || {
        let mut stream = TcpStream::connect(address).unwrap();
        stream.write_all(b"GET /a HTTP/1.1\r\nhost: a\r\n\r\n").unwrap();
        assert!(stream.read(&mut [0; 1024]).unwrap() > 0);
        stream
    })
    .await;
    running.served.abort();
    away(move || {
        while stream.read(&mut [0; 1024]).unwrap() > 0 {}
        assert!(TcpStream::connect(address).is_err());
    })
    .await;
}

/// T72: an app on workers answers what is in flight, and its hooks run after that.
#[test]
fn an_app_on_workers_ends_as_it_should() {
    let folder = Folder::new("run");
    let path = folder.path("a.sock");
    let mut process = Process::run(&format!("unix:{}", path.display()));
    let since = Instant::now();
    let mut stream = loop {
        match UnixStream::connect(&path) {
            Ok(stream) => break stream,
            Err(_) => assert!(since.elapsed() < Duration::from_secs(20), "it does not listen"),
        }
        thread::sleep(Duration::from_millis(10));
    };
    stream.write_all(b"GET /slow HTTP/1.1\r\nhost: a\r\n\r\n").unwrap();
    process.signal("TERM");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.contains("\r\nconnection: close\r\n"), "{answer}");
    assert!(answer.ends_with("\"slow\""), "{answer}");
    process.hears("the hook has run");
    assert!(process.ended());
    assert!(!path.exists());
}

/// S3: a server by hand, and one on threads, take connections for as long after the word to stop as they were told.
#[tokio::test(flavor = "multi_thread")]
async fn others_have_the_time_to_notice() {
    let config = || config(|c| c.notice = Duration::from_secs(3600));
    let hello = || from_fn(async |_| Ok(Response::new(StatusCode::OK).with_body("hello")));
    let asked = async |address| {
        away(move || ask(TcpStream::connect(address).unwrap(), "/")).await.ends_with("hello")
    };
    let server = Server::bind("127.0.0.1:0").await.unwrap().with_config(config());
    let address = server.local_addr();
    tokio::select! {
        served = server.serve_until(hello(), async {}) => panic!("it stopped: {served:?}"),
        answered = asked(address) => assert!(answered),
    }
    let workers = Workers::bind("127.0.0.1:0").await.unwrap().with_config(config());
    let address = workers.local_addr();
    tokio::select! {
        served = workers.serve_until(hello(), async {}) => panic!("it stopped: {served:?}"),
        answered = asked(address) => assert!(answered),
    }
}
