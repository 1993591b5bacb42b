//! How long the client waits: for each phase as long as its timeout says, with the time moved by hand.

use std::sync::Arc;
use std::time::Duration;

use counterpart::body::{Body, Inlet, Want};
use counterpart::client::{Client, Timeouts};
use counterpart::drive::h1_client::{CallTerms, Connection, Home};
use counterpart::http::{HeaderValue, Method, header};
use counterpart::io::{Memory, pair};
use counterpart::proto::h1::Limits;
use counterpart::service::{FaultKind, Phase};
use counterpart::text::RequestHead;
use counterpart::wire::Wire;
use counterpart::{Fault, Request, Response, Service};
use tokio::net::{TcpSocket, TcpStream};
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep, timeout};

struct Nowhere;

impl Home<Memory> for Nowhere {
    fn take(self, _: Connection<Memory>) {}
}

/// A call that is under way, and the server's end of its wire.
fn call(room: usize, body: Body) -> (JoinHandle<Result<Response, Fault>>, Memory) {
    let (ours, theirs) = pair(room);
    let mut head = RequestHead::new(Method::POST, "/");
    head.fields.append(header::HOST, HeaderValue::from_static("a"));
    let call = async move {
        let connection = Connection::new(ours, Arc::new(Limits::client()));
        connection.call(&head, &mut Some(body), &CallTerms::default(), Nowhere).await
    };
    (tokio::spawn(call), theirs)
}

async fn say(wire: &mut Memory, text: &str) {
    let written = std::future::poll_fn(|cx| wire.poll_write(cx, text.as_bytes())).await;
    assert_eq!(written.unwrap(), text.len());
}

async fn hear(wire: &mut Memory, room: usize) -> usize {
    let mut read = bytes::BytesMut::with_capacity(room);
    std::future::poll_fn(|cx| wire.poll_read(cx, &mut read)).await.unwrap()
}

async fn give(inlet: &Inlet, piece: &'static str) {
    assert_eq!(std::future::poll_fn(|cx| inlet.poll_want(cx)).await, Want::Data);
    inlet.give(piece.into());
}

fn seconds(n: u64) -> Duration {
    Duration::from_secs(n)
}

#[track_caller]
fn assert_took(since: Instant, expected: Duration) {
    let took = since.elapsed();
    assert!(took >= expected && took <= expected + seconds(1), "took {took:?} for {expected:?}");
}

const HEAD: &str = "HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n";

#[tokio::test(start_paused = true)]
async fn an_answer_that_does_not_begin_is_waited_for_a_minute() {
    let (call, _silent) = call(1024, Body::empty());
    let start = Instant::now();
    let fault = call.await.unwrap().unwrap_err();
    assert_eq!(fault.kind(), FaultKind::Timeout(Phase::Head));
    assert_took(start, seconds(60));
}

#[tokio::test(start_paused = true)]
async fn a_head_that_trickles_is_waited_for_no_longer() {
    let (call, mut wire) = call(1024, Body::empty());
    let start = Instant::now();
    let trickle = async {
        say(&mut wire, "HTTP/1.1 100 Continue\r\n\r\n").await;
        for byte in HEAD.split_inclusive("").chain(["\n"; 99]) {
            say(&mut wire, byte).await;
            sleep(seconds(3)).await;
        }
    };
    let fault = tokio::select! {
        fault = call => fault.unwrap().unwrap_err(),
        () = trickle => panic!("nobody stopped waiting"),
    };
    assert_eq!(fault.kind(), FaultKind::Timeout(Phase::Head));
    assert_took(start, seconds(60));
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_stalls_is_waited_for_half_a_minute_each_time() {
    let (call, mut wire) = call(1024, Body::empty());
    sleep(seconds(50)).await;
    say(&mut wire, HEAD).await;
    let response = call.await.unwrap().unwrap();
    let body = tokio::spawn(response.body.collect(99));
    for _ in 0..3 {
        sleep(seconds(25)).await;
        say(&mut wire, "xy").await;
    }
    let start = Instant::now();
    let fault = Fault::from(body.await.unwrap().unwrap_err());
    assert_eq!(fault.kind(), FaultKind::Timeout(Phase::Body));
    assert_took(start, seconds(30));
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_nobody_reads_is_not_waited_for() {
    let (call, mut wire) = call(1024, Body::empty());
    say(&mut wire, HEAD).await;
    let response = call.await.unwrap().unwrap();
    sleep(seconds(3600)).await;
    say(&mut wire, "ninebytes").await;
    assert_eq!(response.body.collect(99).await.unwrap(), "ninebytes");
}

#[tokio::test(start_paused = true)]
async fn a_peer_that_takes_nothing_is_waited_for_half_a_minute_each_time() {
    let (call, mut wire) = call(1024, Body::from(vec![b'x'; 100_000]));
    for _ in 0..10 {
        sleep(seconds(25)).await;
        assert!(hear(&mut wire, 1024).await > 0);
    }
    let start = Instant::now();
    let fault = call.await.unwrap().unwrap_err();
    assert_eq!(fault.kind(), FaultKind::Timeout(Phase::Send));
    assert_took(start, seconds(30));
}

#[tokio::test(start_paused = true)]
async fn our_own_body_may_take_as_long_as_it_likes() {
    let (inlet, body) = Body::fed(None);
    let (call, mut wire) = call(1024, body);
    for _ in 0..3 {
        give(&inlet, "some").await;
        sleep(seconds(3600)).await;
    }
    inlet.end(None);
    sleep(seconds(59)).await;
    assert!(hear(&mut wire, 1024).await > 0);
    say(&mut wire, "HTTP/1.1 204 No Content\r\n\r\n").await;
    assert_eq!(call.await.unwrap().unwrap().status, 204);
}

#[tokio::test(start_paused = true)]
async fn an_early_answer_is_read_though_the_peer_takes_nothing_more() {
    let (call, mut wire) = call(64, Body::from(vec![b'x'; 100_000]));
    say(&mut wire, "HTTP/1.1 413 No\r\ncontent-length: 2\r\n\r\n").await;
    let response = call.await.unwrap().unwrap();
    let start = Instant::now();
    let fault = Fault::from(response.body.collect(9).await.unwrap_err());
    assert_eq!(fault.kind(), FaultKind::Timeout(Phase::Body));
    assert_took(start, seconds(60));
}

#[tokio::test]
async fn a_kept_connection_waits_anew_for_each_call() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let mut timeouts = Timeouts::default();
    // Four waits together are longer, and one is shorter by more than a busy machine stalls.
    timeouts.head = seconds(1);
    let client = Client::new(&format!("http://{}", listener.local_addr().unwrap()));
    let client = client.unwrap().with_timeouts(timeouts);
    let peer = tokio::spawn(async move {
        use tokio::io::{AsyncReadExt, AsyncWriteExt};
        let mut stream: TcpStream = listener.accept().await.unwrap().0;
        for _ in 0..4 {
            while stream.read_u8().await.unwrap() != b'\n'
                || stream.read_u8().await.unwrap() != b'\r'
            {}
            assert_eq!(stream.read_u8().await.unwrap(), b'\n');
            sleep(Duration::from_millis(300)).await;
            stream.write_all(b"HTTP/1.1 204 No Content\r\n\r\n").await.unwrap();
        }
        stream
    });
    for _ in 0..4 {
        let response = client.call(Request::new(Method::GET, "/")).await.unwrap();
        assert_eq!(response.status, 204);
    }
    let _open = peer.await.unwrap();
    let fault = client.call(Request::new(Method::GET, "/")).await.unwrap_err();
    assert_eq!(fault.kind(), FaultKind::Timeout(Phase::Head));
}

#[tokio::test]
async fn a_connection_that_does_not_come_about_is_not_waited_for() {
    // A listener whose queue is full does not answer at all.
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let listener = socket.listen(1).unwrap();
    let address = listener.local_addr().unwrap();
    let mut waiting = Vec::new();
    while let Ok(stream) = timeout(Duration::from_millis(50), TcpStream::connect(address)).await {
        waiting.push(stream.unwrap());
        if waiting.len() == 64 {
            println!("SKIPPED: this system queues more connections than it was told");
            return;
        }
    }
    let mut timeouts = Timeouts::default();
    timeouts.connect = Duration::from_millis(50);
    let client = Client::new(&format!("http://{address}")).unwrap().with_timeouts(timeouts);
    let fault = client.call(Request::new(Method::GET, "/")).await.unwrap_err();
    assert_eq!(fault.kind(), FaultKind::Timeout(Phase::Connect));
}
