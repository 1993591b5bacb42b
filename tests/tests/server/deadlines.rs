//! Deadlines, with the time moved by hand: each is met to the quarter of a second that the clock is coarse.

use std::time::Duration;

use counterpart::server::Config;
use tokio::time::{Instant, sleep};

use super::house::Peer;

const HELLO: &str = "GET /hello HTTP/1.1\r\nhost: a\r\n\r\n";

fn seconds(n: u64) -> Duration {
    Duration::from_secs(n)
}

/// That as much time has passed since, and no more than the clock is coarse.
#[track_caller]
fn assert_took(since: Instant, expected: Duration) {
    let took = since.elapsed();
    let most = expected + Duration::from_millis(750);
    assert!(took >= expected && took <= most, "took {took:?}, expected {expected:?}");
}

/// S20, T23: silence.
#[tokio::test(start_paused = true)]
async fn a_connection_that_says_nothing_is_closed_without_a_word() {
    let (mut peer, start) = (Peer::new(), Instant::now());
    assert_eq!(peer.hear_all().await, "");
    assert_took(start, seconds(10));
}

/// S12, S20, T20, T23: half a head, and one that drips.
#[tokio::test(start_paused = true)]
async fn a_head_that_trickles_is_cut_however_steadily_it_comes() {
    let mut peer = Peer::new();
    peer.say(HELLO).await;
    peer.hear_until("hello").await;
    sleep(seconds(60)).await;
    let start = Instant::now();
    for byte in "GET / HTT".bytes() {
        peer.say([byte]).await;
        sleep(seconds(1)).await;
    }
    let answer = peer.hear_all().await;
    assert_took(start, seconds(10));
    assert!(answer.starts_with("HTTP/1.1 408 Request Timeout\r\n"), "{answer}");
    assert!(answer.contains("\"http.timeout\""), "{answer}");
}

/// S15, S20, T23: idleness.
#[tokio::test(start_paused = true)]
async fn an_idle_connection_is_closed_without_a_word() {
    let mut peer = Peer::new();
    let mut start = Instant::now();
    for wait in [0, 70, 70, 70] {
        sleep(seconds(wait)).await;
        peer.say(HELLO).await;
        peer.hear_until("hello").await;
        start = Instant::now();
    }
    assert_eq!(peer.hear_all().await, "");
    assert_took(start, seconds(75));
}

/// S20, T23: a stall.
#[tokio::test(start_paused = true)]
async fn a_body_that_stalls_is_an_error_of_its_reader() {
    let (mut peer, mut start) = (Peer::new(), Instant::now());
    peer.say("POST /collected HTTP/1.1\r\nhost: a\r\ncontent-length: 999999\r\n\r\n").await;
    for _ in 0..5 {
        peer.say(&[b'x'; 10_000]).await;
        start = Instant::now();
        sleep(seconds(15)).await;
    }
    let answer = peer.hear_until("deadline").await;
    assert_took(start, seconds(20));
    assert!(answer.starts_with("HTTP/1.1 400 "), "{answer}");
    assert!(answer.contains("\r\nconnection: close\r\n"), "{answer}");
}

/// S20, T21, T23: a drip.
#[tokio::test(start_paused = true)]
async fn a_body_that_trickles_is_cut_though_it_never_stalls() {
    let mut peer = Peer::new();
    peer.say("POST /collected HTTP/1.1\r\nhost: a\r\ncontent-length: 999999\r\n\r\n").await;
    let start = Instant::now();
    let answer = tokio::spawn(async move {
        // 200 bytes a second: each earns less time than it takes.
        for _ in 0..200 {
            peer.say(&[b'x'; 200]).await;
            sleep(seconds(1)).await;
            if peer.house.crowd.count() == 0 {
                break;
            }
        }
        peer.hear_until("deadline").await
    });
    assert!(answer.await.unwrap().starts_with("HTTP/1.1 400 "));
    // The grace is five seconds, and each second earns five sixths of one.
    assert!(
        start.elapsed() > seconds(35) && start.elapsed() < seconds(40),
        "{:?}",
        start.elapsed()
    );
}

/// T23: a service that has no word for it needs none.
#[tokio::test(start_paused = true)]
async fn a_silent_body_is_408_after_twenty_seconds() {
    for body in ["", "half"] {
        let (mut peer, start) = (Peer::new(), Instant::now());
        peer.say(format!("POST /upload HTTP/1.1\r\nhost: a\r\ncontent-length: 9\r\n\r\n{body}"))
            .await;
        let answer = peer.hear_until("}").await;
        assert_took(start, seconds(20));
        assert!(answer.starts_with("HTTP/1.1 408 Request Timeout\r\n"), "{answer}");
        assert!(answer.contains("\r\nconnection: close\r\n"), "{answer}");
        assert!(answer.contains("\"http.timeout\""), "{answer}");
        peer.gone().await;
    }
}

/// T21, T23: a byte now and then is cut as soon as the grace is over.
#[tokio::test(start_paused = true)]
async fn a_body_that_drips_is_408_after_its_grace() {
    let (mut peer, start) = (Peer::new(), Instant::now());
    peer.say("POST /upload HTTP/1.1\r\nhost: a\r\ncontent-length: 9999\r\n\r\n").await;
    let service = peer.service.clone();
    service.held.notified().await;
    let dripping = async {
        loop {
            sleep(Duration::from_millis(400)).await;
            peer.say("x").await;
        }
    };
    tokio::select! {
        () = dripping => unreachable!(),
        () = service.dropped.notified() => {}
    }
    assert!(start.elapsed() > seconds(5) && start.elapsed() < seconds(6), "{:?}", start.elapsed());
    assert!(peer.hear_all().await.starts_with("HTTP/1.1 408 "));
}

/// T24: two mebibytes at two kibibytes a second are slow and honest; so is a minute's silence of an answer.
#[tokio::test(start_paused = true)]
async fn a_slow_line_is_not_cut() {
    let mut peer = Peer::new();
    peer.say("POST /upload HTTP/1.1\r\nhost: a\r\ncontent-length: 2097152\r\n\r\n").await;
    for _ in 0..1024 {
        sleep(seconds(1)).await;
        peer.say(&[b'x'; 2048]).await;
    }
    assert!(peer.hear_until("\r\n\r\n2097152").await.starts_with("HTTP/1.1 "));
    let (mut peer, start) = (Peer::new(), Instant::now());
    peer.say("GET /minutes HTTP/1.1\r\nhost: a\r\n\r\n").await;
    peer.hear_until("0\r\n\r\n").await;
    assert_took(start, seconds(300));
}

/// T23: as long as the config says, from the head of the request to the head of the answer.
#[tokio::test(start_paused = true)]
async fn a_handler_can_have_a_deadline() {
    let mut config = Config::default();
    config.handler = Some(seconds(3));
    let (mut peer, start) = (Peer::with(config.clone(), 64 * 1024), Instant::now());
    peer.say(["GET /hold HTTP/1.1\r\nhost: a\r\n\r\n", HELLO].concat()).await;
    let answer = peer.hear_until("}").await;
    assert_took(start, seconds(3));
    peer.service.dropped.notified().await;
    assert!(answer.starts_with("HTTP/1.1 504 Gateway Timeout\r\n"), "{answer}");
    assert!(answer.contains("\"http.timeout\"") && !answer.contains("connection:"), "{answer}");
    assert!(peer.hear_until("hello").await.starts_with("HTTP/1.1 200 "));
    // An answer that has begun has no deadline.
    peer.say("GET /minutes HTTP/1.1\r\nhost: a\r\n\r\n").await;
    peer.hear_until("0\r\n\r\n").await;
    let mut peer = Peer::with(config, 64 * 1024);
    peer.say("POST /hold HTTP/1.1\r\nhost: a\r\ncontent-length: 9\r\n\r\nhalf").await;
    let answer = peer.hear_all().await;
    assert!(answer.contains(" 504 ") && answer.contains("\r\nconnection: close\r\n"), "{answer}");
}

#[tokio::test(start_paused = true)]
async fn an_old_connection_is_told_that_its_answer_is_the_last() {
    let mut peer = Peer::new();
    let mut answer = String::new();
    for minute in 0..=60 {
        assert!(!answer.contains("connection: close"), "after {minute} minutes");
        peer.say(HELLO).await;
        answer = peer.hear_until("hello").await;
        sleep(seconds(60)).await;
    }
    peer.say(HELLO).await;
    assert!(peer.hear_all().await.contains("\r\nconnection: close\r\n"));
}

/// S20, T22: a peer that does not read.
#[tokio::test(start_paused = true)]
async fn a_peer_that_does_not_read_is_let_go() {
    let (mut peer, start) = (Peer::with(Config::default(), 1024), Instant::now());
    peer.say("GET /large HTTP/1.1\r\nhost: a\r\n\r\n").await;
    peer.gone().await;
    assert_took(start, seconds(30));
}

/// T22: who asks and asks and never reads costs two buffers, and half a minute.
#[tokio::test(start_paused = true)]
async fn a_peer_that_asks_and_never_reads_is_let_go() {
    let (mut peer, start) = (Peer::with(Config::default(), 2048), Instant::now());
    peer.say_what_is_taken(HELLO.repeat(10_000)).await;
    peer.gone().await;
    assert_took(start, seconds(30));
}

/// T22: nor faster than a snail.
#[tokio::test(start_paused = true)]
async fn a_peer_that_reads_no_faster_than_a_snail_is_let_go() {
    let mut peer = Peer::with(Config::default(), 1024);
    let start = Instant::now();
    peer.say("GET /large HTTP/1.1\r\nhost: a\r\n\r\n").await;
    let read = async {
        for _ in 0..100 {
            sleep(seconds(1)).await;
            peer.hear_until("x").await;
        }
    };
    read.await;
    assert!(peer.house.crowd.count() == 0, "after {:?}", start.elapsed());
}

#[tokio::test(start_paused = true)]
async fn a_slow_handler_is_waited_for() {
    let (mut peer, start) = (Peer::new(), Instant::now());
    peer.say("GET /hold HTTP/1.1\r\nhost: a\r\n\r\n").await;
    sleep(seconds(300)).await;
    peer.service.release.notify_one();
    peer.hear_until("held").await;
    assert_took(start, seconds(300));
}

#[tokio::test(start_paused = true)]
async fn an_unread_body_is_waited_for_two_seconds() {
    let (mut peer, start) = (Peer::new(), Instant::now());
    peer.say("POST /ignore HTTP/1.1\r\nhost: a\r\ncontent-length: 200000\r\n\r\nfew").await;
    assert!(peer.hear_all().await.ends_with("ignored"));
    peer.gone().await;
    assert!(start.elapsed() < seconds(6), "{:?}", start.elapsed());
}
