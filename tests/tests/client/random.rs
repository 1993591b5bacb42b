//! A peer that closes connections whenever it likes.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use counterpart::client::Client;
use counterpart::http::Method;
use counterpart::service::FaultKind;
use counterpart::{Request, Service};

use super::house::*;

/// Numbers that look like chance, the same each time.
struct Chance(u64);

impl Chance {
    fn next(&mut self, below: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % below
    }
}

/// How often each request was seen, by its line.
type Seen = Arc<Mutex<HashMap<String, u32>>>;

/// Answers, and closes: before a request, on its arrival, after its answer; politely and not; new connections as well.
async fn moody(mut line: Line, mut chance: Chance, seen: Seen) {
    loop {
        let mood = chance.next(60);
        if mood == 0 {
            return;
        }
        let Some(head) = line.next_head().await else { return };
        let request = head.lines().next().unwrap_or_default().to_owned();
        *seen.lock().unwrap().entry(request).or_default() += 1;
        match mood {
            1 => return,
            2 => return line.reset(),
            3 => {
                line.say(HI.replace("content-length", "connection: close\r\ncontent-length")).await;
                return;
            }
            4 => return line.say(HI).await,
            5 => {
                line.say(HI).await;
                return line.reset();
            }
            _ => line.say(HI).await,
        }
    }
}

async fn calls(client: Client, worker: u32) {
    for number in 0..CALLS / WORKERS {
        let method = if (worker + number).is_multiple_of(2) { Method::GET } else { Method::POST };
        let target = format!("/{worker}/{number}");
        match client.call(Request::new(method.clone(), target)).await {
            Ok(response) => assert_eq!(text(response).await.unwrap(), "hi"),
            Err(fault) => {
                assert_eq!(method, Method::POST, "{fault}");
                assert!(matches!(fault.kind(), FaultKind::Disconnected { .. }), "{fault}");
            }
        }
    }
}

/// C04, C10: of ten thousand calls over connections that are closed at random, no GET is lost, and no POST made twice.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_get_is_lost_and_no_post_made_twice() {
    let peer = Peer::new().await;
    let client = peer.client();
    let seen = Seen::default();
    let noted = seen.clone();
    tokio::spawn(async move {
        for connection in 1.. {
            let line = peer.accept().await;
            let chance = Chance(0x9e37_79b9_7f4a_7c15_u64.wrapping_mul(connection));
            tokio::spawn(moody(line, chance, noted.clone()));
        }
    });
    let workers: Vec<_> =
        (0..WORKERS).map(|worker| tokio::spawn(calls(client.clone(), worker))).collect();
    for worker in workers {
        worker.await.unwrap();
    }
    let seen = seen.lock().unwrap();
    let twice = |(request, times): &(&String, &u32)| request.starts_with("POST") && **times > 1;
    let twice: Vec<_> = seen.iter().filter(twice).collect();
    assert!(twice.is_empty(), "{twice:?}");
    let gets = seen.keys().filter(|request| request.starts_with("GET")).count();
    assert_eq!(gets as u32, CALLS / 2);
}

const CALLS: u32 = 10_000;
const WORKERS: u32 = 16;
