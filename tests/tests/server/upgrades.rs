//! Other protocols: what a connection is after 101, and after CONNECT was answered.

use std::future::poll_fn;

use bytes::BytesMut;
use counterpart::io::pair;
use counterpart::wire::{Upgraded, Wire};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt};

/// C56: what was read with the head comes first.
#[tokio::test]
async fn what_was_read_already_is_read_first() {
    let (ours, mut theirs) = pair(1024);
    let mut ours = Upgraded::new(ours, &b"first"[..]);
    poll_fn(|cx| theirs.poll_write(cx, b" second\nthird")).await.unwrap();
    poll_fn(|cx| theirs.poll_shutdown(cx)).await.unwrap();
    let mut two = [0; 2];
    ours.read_exact(&mut two).await.unwrap();
    assert_eq!(two, *b"fi");
    let mut text = String::new();
    ours.read_line(&mut text).await.unwrap();
    ours.read_to_string(&mut text).await.unwrap();
    assert_eq!(text, "rst second\nthird");
    ours.write_all(b"back").await.unwrap();
    let mut heard = BytesMut::with_capacity(64);
    poll_fn(|cx| theirs.poll_read(cx, &mut heard)).await.unwrap();
    assert_eq!(heard, "back");
}
