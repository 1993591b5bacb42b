//! Endings: early answers, peers that go, a server that stops.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::num::NonZeroUsize;
use std::time::Duration;

use counterpart::client::Client;
use counterpart::http::Method;
use counterpart::server::{Config, Server, Workers};
use counterpart::{Request, Service};
use tokio::sync::oneshot;

use super::house::{Peer, Served, Talk};

/// S18, T09: an early answer can be read.
#[tokio::test]
async fn too_large_is_answered_before_the_body_and_the_answer_can_be_read() {
    let served = Served::new().await;
    let address = served.address;
    let answer = tokio::task::spawn_blocking(move || {
        let mut stream = TcpStream::connect(address).unwrap();
        let head = "POST /limited HTTP/1.1\r\nhost: a\r\ncontent-length: 250000\r\n\r\n";
        stream.write_all(head.as_bytes()).unwrap();
        // All of it is written before anything is read.
        for _ in 0..25 {
            stream.write_all(&[b'x'; 10_000]).unwrap();
        }
        let mut answer = [0; 13];
        stream.read_exact(&mut answer).unwrap();
        String::from_utf8(answer.to_vec()).unwrap()
    });
    assert_eq!(answer.await.unwrap(), "HTTP/1.1 413 ");
    served.stopped().await;
}

/// S18, T09: what is left of a body is read up to a limit.
#[tokio::test]
async fn an_endless_body_is_not_read_for_ever() {
    let mut peer = Peer::new();
    peer.say("POST /limited HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n").await;
    let chunk = format!("1000\r\n{}\r\n", "x".repeat(4096));
    for _ in 0..8 {
        peer.say(&chunk).await;
    }
    let answer = peer.hear_until("\r\n\r\n").await;
    assert!(answer.starts_with("HTTP/1.1 413 "), "{answer}");
    assert!(answer.contains("\r\nconnection: close\r\n"), "{answer}");
    // 32 MiB are read and dropped, since many clients listen only when all is sent; then it is over whatever comes.
    let wire = &mut peer.wire;
    let more = async {
        use counterpart::wire::Wire;
        let mut sent = 0;
        loop {
            match std::future::poll_fn(|cx| wire.poll_write(cx, chunk.as_bytes())).await {
                Ok(n) => sent += n,
                Err(_) => return sent,
            }
        }
    };
    let sent = more.await;
    assert!((32_000_000..36_000_000).contains(&sent), "{sent}");
}

/// T29, T32: half a body is none.
#[tokio::test]
async fn a_peer_that_goes_within_its_body_drops_the_call() {
    let mut peer = Peer::new();
    peer.say("POST /upload HTTP/1.1\r\nhost: a\r\ncontent-length: 9\r\n\r\nhalf").await;
    peer.service.held.notified().await;
    peer.end().await;
    peer.service.dropped.notified().await;
    assert_eq!(peer.hear_all().await, "");
}

/// S3, T72: who is served when it stops is served to the end.
#[tokio::test]
async fn stopping_closes_the_idle_and_waits_for_the_busy() {
    let mut served = Served::new().await;
    let client = Client::new(&format!("http://{}", served.address)).unwrap();
    let busy = tokio::spawn({
        let client = client.clone();
        async move { client.call(Request::new(Method::GET, "/hold")).await }
    });
    served.service.held.notified().await;
    let idle = tokio::task::spawn_blocking({
        let address = served.address;
        move || {
            let mut stream = TcpStream::connect(address).unwrap();
            stream.write_all(b"GET /hello HTTP/1.1\r\nhost: a\r\n\r\n").unwrap();
            let mut answer = Vec::new();
            while !answer.ends_with(b"hello") {
                let mut byte = [0];
                assert_eq!(stream.read(&mut byte).unwrap(), 1, "{answer:?}");
                answer.push(byte[0]);
            }
            stream
        }
    });
    let mut idle = idle.await.unwrap();
    served.stop();
    let end = tokio::task::spawn_blocking(move || idle.read(&mut [0]).unwrap());
    assert_eq!(end.await.unwrap(), 0);
    assert!(!busy.is_finished());
    served.service.release.notify_one();
    let response = busy.await.unwrap().unwrap();
    assert_eq!(response.fields.get("connection"), Some(&b"close"[..]));
    assert_eq!(response.body.collect(9).await.unwrap(), "held");
    let address = served.address;
    served.stopped().await;
    assert!(TcpStream::connect(address).is_err());
}

/// S3, T73: it stops at its deadline, whoever holds on.
#[tokio::test]
async fn stopping_has_a_deadline() {
    let mut config = Config::default();
    config.shutdown = Duration::from_millis(50);
    let served = Served::with(config).await;
    let client = Client::new(&format!("http://{}", served.address)).unwrap();
    let service = served.service.clone();
    let busy =
        tokio::spawn(async move { client.call(Request::new(Method::GET, "/hold")).await.is_err() });
    service.held.notified().await;
    served.stopped().await;
    service.dropped.notified().await;
    assert!(busy.await.unwrap());
}

#[tokio::test]
async fn a_taken_address_is_named_with_the_way_out() {
    let served = Served::new().await;
    let error = Server::bind(served.address).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        format!(
            "the address {} is taken: another program listens there; stop it or choose another port",
            served.address
        )
    );
    let error = Server::bind("8080").await.unwrap_err();
    assert!(error.to_string().contains("such as 127.0.0.1:8080"), "{error}");
}

#[tokio::test]
async fn one_connection_more_takes_the_place_of_an_idle_one() {
    let mut config = Config::default();
    config.connections = 2;
    let served = Served::with(config).await;
    let client = || Client::new(&format!("http://{}", served.address)).unwrap();
    for client in [client(), client(), client(), client()] {
        let response = client.call(Request::new(Method::GET, "/hello")).await.unwrap();
        assert_eq!(response.body.collect(9).await.unwrap(), "hello");
        // Kept alive, as a client that goes takes its connection with it.
        std::mem::forget(client);
    }
    served.stopped().await;
}

#[tokio::test]
async fn where_all_are_busy_one_more_is_refused() {
    let mut config = Config::default();
    config.connections = 1;
    let served = Served::with(config).await;
    let client = || Client::new(&format!("http://{}", served.address)).unwrap();
    let busy = client();
    let busy = tokio::spawn(async move { busy.call(Request::new(Method::GET, "/hold")).await });
    served.service.held.notified().await;
    let refused = client().call(Request::new(Method::GET, "/hello")).await.unwrap();
    assert_eq!(refused.status, 503);
    assert_eq!(refused.fields.get("retry-after"), Some(&b"1"[..]));
    assert_eq!(refused.fields.get("connection"), Some(&b"close"[..]));
    served.service.release.notify_one();
    assert_eq!(busy.await.unwrap().unwrap().status, 200);
    served.stopped().await;
}

#[tokio::test]
async fn workers_serve_and_stop_together() {
    let workers = Workers::bind("127.0.0.1:0").await.unwrap();
    let workers = workers.with_count(NonZeroUsize::new(3).unwrap());
    let address = workers.local_addr();
    assert!(Server::bind(address).await.is_err());
    assert!(Workers::bind(address).await.is_err());
    let (stop, stopped) = oneshot::channel::<()>();
    let served = tokio::spawn(workers.serve_until(Talk::default(), async move {
        let _ = stopped.await;
    }));
    // Enough connections that each worker has some.
    let calls = (0..64).map(|_| async {
        let client = Client::new(&format!("http://{address}")).unwrap();
        let response = client.call(Request::new(Method::GET, "/hello")).await.unwrap();
        assert_eq!(response.body.collect(9).await.unwrap(), "hello");
        client
    });
    let mut clients = Vec::new();
    for call in calls {
        clients.push(call.await);
    }
    drop(stop);
    served.await.unwrap().unwrap();
    assert!(TcpStream::connect(address).is_err());
}
