//! Progress: how much has travelled, in both directions.

use std::sync::{Arc, Mutex};

use counterpart::Body;
use counterpart::client::{Client, Progress};

use super::peer::{Peer, ok};

#[tokio::test]
async fn both_directions_are_told() {
    let peer = Peer::new(|_| ok(vec![b'x'; 300_000])).await;
    let told = Arc::new(Mutex::new(Vec::<Progress>::new()));
    let log = told.clone();
    let sending = Client::new(&peer.url).unwrap().put("/").body(vec![b'y'; 200_000]);
    let sending = sending.on_progress(move |progress| log.lock().unwrap().push(progress));
    let mut answer = sending.send().await.unwrap();
    assert_eq!(told.lock().unwrap().last().unwrap().sent, 200_000);
    answer.bytes(u64::MAX).await.unwrap();
    let told = told.lock().unwrap();
    let last = told.last().unwrap();
    assert_eq!((last.sent, last.to_send), (200_000, Some(200_000)));
    assert_eq!((last.received, last.to_receive), (300_000, Some(300_000)));
    assert!(told.is_sorted_by_key(|progress| (progress.sent, progress.received)));
    assert_eq!(peer.last().fields.get_str("content-length"), Some("200000"));
}

#[tokio::test]
async fn what_is_not_known_is_not_told() {
    let peer = Peer::new(|_| ok(Body::from_reader(&b"answer"[..]))).await;
    let last = Arc::new(Mutex::new(Progress::default()));
    let log = last.clone();
    let sending = Client::new(&peer.url).unwrap().post("/").body(Body::from_reader(&b"four"[..]));
    let sending = sending.on_progress(move |progress| *log.lock().unwrap() = progress);
    sending.send().await.unwrap().bytes(100).await.unwrap();
    let last = *last.lock().unwrap();
    assert_eq!((last.sent, last.to_send, last.received), (4, None, 6));
}
