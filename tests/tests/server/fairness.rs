//! Fairness: what one connection may take of a thread, and of memory.

use std::io::Result;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::task::{Context, Poll, Waker};

use bytes::BytesMut;
use counterpart::drive::h1_server::{House, serve};
use counterpart::server::Config;
use counterpart::wire::Wire;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::house::{Served, Talk};

/// A peer that asks as fast as it is heard, and takes all answers at once.
#[derive(Default)]
struct Eager {
    request: &'static [u8],
    left: usize,
    seen: Arc<Seen>,
}

#[derive(Default)]
struct Seen {
    answers: AtomicUsize,
    room: AtomicUsize,
}

impl Wire for Eager {
    fn poll_read(&mut self, _: &mut Context<'_>, buffer: &mut BytesMut) -> Poll<Result<usize>> {
        self.seen.room.fetch_max(buffer.capacity(), Relaxed);
        let room = (buffer.capacity() - buffer.len()) / self.request.len();
        let now = room.min(self.left);
        self.left -= now;
        (0..now).for_each(|_| buffer.extend_from_slice(self.request));
        Poll::Ready(Ok(now * self.request.len()))
    }

    fn poll_write(&mut self, _: &mut Context<'_>, bytes: &[u8]) -> Poll<Result<usize>> {
        self.seen.room.fetch_max(bytes.len(), Relaxed);
        let answers = bytes.windows(STATUS.len()).filter(|line| *line == STATUS).count();
        self.seen.answers.fetch_add(answers, Relaxed);
        Poll::Ready(Ok(bytes.len()))
    }

    fn poll_flush(&mut self, _: &mut Context<'_>) -> Poll<Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(&mut self, _: &mut Context<'_>) -> Poll<Result<()>> {
        Poll::Ready(Ok(()))
    }
}

const STATUS: &[u8] = b"HTTP/1.1 200 OK\r\n";
const HELLO: &[u8] = b"GET /hello HTTP/1.1\r\nhost: a\r\n\r\n";

fn eager(request: &'static [u8], left: usize) -> (Eager, Arc<Seen>) {
    let seen = Arc::<Seen>::default();
    (Eager { request, left, seen: seen.clone() }, seen)
}

/// T36: requests without end do not keep a thread from its other connections.
#[tokio::test]
async fn a_connection_that_never_waits_lets_others_have_their_turn() {
    let (wire, seen) = eager(HELLO, usize::MAX);
    let mut served = Box::pin(serve(Arc::<Talk>::default(), wire, House::new(Config::default())));
    let mut cx = Context::from_waker(Waker::noop());
    for turn in 1..=100 {
        assert!(served.as_mut().poll(&mut cx).is_pending());
        assert_eq!(seen.answers.load(Relaxed), 16 * turn);
    }
}

/// T36: nor does an answer without end.
#[tokio::test]
async fn an_answer_that_never_waits_lets_others_have_their_turn() {
    let (wire, _) = eager(b"GET /zeros HTTP/1.1\r\nhost: a\r\n\r\n", 1);
    let mut served = Box::pin(serve(Arc::<Talk>::default(), wire, House::new(Config::default())));
    let mut cx = Context::from_waker(Waker::noop());
    for _ in 0..100 {
        assert!(served.as_mut().poll(&mut cx).is_pending());
    }
}

/// T33: a hundred thousand requests need no more memory than sixteen.
#[tokio::test]
async fn requests_that_come_together_do_not_pile_up() {
    let (wire, seen) = eager(HELLO, 100_000);
    serve(Arc::<Talk>::default(), wire, House::new(Config::default())).await;
    assert_eq!(seen.answers.load(Relaxed), 100_000);
    let room = seen.room.load(Relaxed);
    assert!(room <= 16 * 1024, "{room} bytes");
}

/// T33, T10: a thousand in one write are answered in order, whatever each of them is.
#[tokio::test]
async fn a_thousand_requests_in_one_write_are_answered_in_order() {
    let served = Served::new().await;
    let stream = TcpStream::connect(served.address).await.unwrap();
    let (mut read, mut write) = stream.into_split();
    let requests: String = (0..1000)
        .map(|n| match n % 3 {
            0 => format!("POST /echo HTTP/1.1\r\nhost: a\r\ncontent-length: 6\r\n\r\n[{n:04}]"),
            1 => format!("POST /nowhere HTTP/1.1\r\nhost: a\r\ncontent-length: 6\r\n\r\n[{n:04}]"),
            _ => format!("POST /echo HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n6\r\n[{n:04}]\r\n0\r\n\r\n"),
        })
        .collect();
    let writing = tokio::spawn(async move {
        write.write_all(requests.as_bytes()).await.unwrap();
        write.shutdown().await.unwrap();
    });
    let mut heard = String::new();
    read.read_to_string(&mut heard).await.unwrap();
    writing.await.unwrap();
    let answers: Vec<&str> = heard.split("HTTP/1.1 ").skip(1).collect();
    assert_eq!(answers.len(), 1000);
    for (n, answer) in answers.into_iter().enumerate() {
        match n % 3 {
            1 => assert!(answer.starts_with("404 "), "{n}: {answer}"),
            _ => assert!(
                answer.starts_with("200 ") && answer.ends_with(&format!("[{n:04}]")),
                "{n}: {answer}"
            ),
        }
    }
    served.stopped().await;
}
