//! Content that is no JSON: taken as it comes, or whole, bounded by its route, and never before the rest is right.

use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::SeqCst};
use std::task::{Context, Poll};

use bytes::Bytes;
use counterpart::body::{BodyError, BodyErrorKind};
use counterpart::prelude::*;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// How much was read so far, by the handler that reads most.
#[derive(State, Default)]
struct Progress(AtomicU64);

type Upload = Body;

#[derive(Debug, PartialEq, ApiError)]
enum UploadError {
    #[error(409, "the upload is empty")]
    Empty,
    #[error(transparent)]
    Body(BodyError),
}

#[post("/count", body_limit = "1 GiB")]
async fn count(mut body: Body, progress: &Progress) -> Result<u64, UploadError> {
    let mut length = 0;
    while let Some(piece) = body.chunk().await? {
        length += piece.len() as u64;
        progress.0.fetch_max(length, SeqCst);
    }
    if length == 0 { Err(UploadError::Empty) } else { Ok(length) }
}

/// The content goes back as it comes.
#[put("/mirror/{name}")]
async fn mirror(name: String, body: Upload) -> WithHeaders<Body> {
    let name = HeaderValue::from_str(&name).unwrap();
    WithHeaders::new(body).with(HeaderName::from_static("x-name"), name)
}

#[post("/small", body_limit = "4 B")]
async fn small(body: Body, #[query] times: u8) -> Result<String, Problem> {
    let bytes = body.collect(u64::MAX).await?;
    Ok(String::from_utf8_lossy(&bytes).repeat(times.into()))
}

#[post("/whole", body_limit = "4 B")]
async fn whole(body: Bytes, #[query] times: u8) -> Bytes {
    body.repeat(times.into()).into()
}

#[delete("/some")]
async fn some(#[body] which: Bytes, #[header("content-type")] of: String) -> (String, usize) {
    (of, which.len())
}

api!(Contents: count, mirror, small, whole, some);

fn app() -> App {
    App::new().state(Progress::default()).mount(Contents)
}

/// A stream of pieces, which tells how many bytes it has given.
struct Source {
    left: u64,
    exact: bool,
    given: Arc<AtomicU64>,
}

impl Source {
    const PIECE: usize = 60_000;

    fn of(left: u64) -> Self {
        Self { left, exact: false, given: Arc::default() }
    }
}

impl http_body::Body for Source {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _cx: &mut Context<'_>,
    ) -> Poll<Option<Result<http_body::Frame<Bytes>, Infallible>>> {
        let piece = self.left.min(Self::PIECE as u64);
        self.left -= piece;
        self.given.fetch_add(piece, SeqCst);
        let piece = Bytes::from_static(&[0; Self::PIECE]).slice(..usize::try_from(piece).unwrap());
        Poll::Ready((!piece.is_empty()).then(|| Ok(http_body::Frame::data(piece))))
    }

    fn size_hint(&self) -> http_body::SizeHint {
        if self.exact { http_body::SizeHint::with_exact(self.left) } else { Default::default() }
    }
}

/// T19: what is streamed is nowhere collected: the sender is never far ahead of the handler.
async fn never_far_ahead(client: &ContentsClient, progress: &Progress, exact: bool) {
    const ALL: u64 = 64 << 20;
    const LEAD: u64 = 16 << 20;
    let given = Arc::new(AtomicU64::new(0));
    let source = Source { left: ALL, exact, given: given.clone() };
    progress.0.store(0, SeqCst);
    let mut call = client.count(Body::wrap(source));
    let counted = std::future::poll_fn(|cx| {
        let polled = Pin::new(&mut call).poll(cx);
        let ahead = given.load(SeqCst) - progress.0.load(SeqCst);
        assert!(ahead < LEAD, "{ahead} bytes were taken and not read");
        polled
    });
    assert_eq!(counted.await.unwrap(), ALL);
}

#[counterpart::test]
async fn an_upload_takes_no_memory() {
    let progress = Arc::new(Progress::default());
    let client = ContentsClient::local(App::new().shared(progress.clone()).mount(Contents));
    never_far_ahead(&client, &progress, true).await;
    never_far_ahead(&client, &progress, false).await;
}

#[counterpart::test]
async fn an_upload_over_a_socket_takes_no_memory() {
    let progress = Arc::new(Progress::default());
    let app = App::new().shared(progress.clone()).mount(Contents);
    let bound = app.bind("127.0.0.1:0").await.unwrap();
    let client = ContentsClient::http(&bound.url()).unwrap();
    let uploads = async {
        never_far_ahead(&client, &progress, true).await;
        never_far_ahead(&client, &progress, false).await;
    };
    bound.serve_until(uploads).await.unwrap();
}

#[counterpart::test]
async fn an_answer_streams_to_its_client() {
    let bound = app().bind("127.0.0.1:0").await.unwrap();
    let client = ContentsClient::http(&bound.url()).unwrap();
    let mirrored = async {
        let source = Body::wrap(Source::of(1_000_000));
        let mut answer = client.mirror("n", source).await.unwrap();
        assert_eq!(answer.fields.get_str("x-name"), Some("n"));
        assert_eq!(answer.fields.get_str("content-type"), Some("application/octet-stream"));
        let mut length = 0;
        while let Some(piece) = answer.value.chunk().await.unwrap() {
            length += piece.len();
        }
        assert_eq!(length, 1_000_000);
    };
    bound.serve_until(mirrored).await.unwrap();
}

#[counterpart::test]
async fn content_says_what_it_is() {
    let client = ContentsClient::local(app());
    let octets = "application/octet-stream".to_owned();
    assert_eq!(client.some("ab", octets.clone()).await.unwrap(), (octets, 2));
    let csv = "text/csv".to_owned();
    assert_eq!(client.some(vec![0; 3], csv.clone()).await.unwrap(), (csv, 3));
    let answer = client.raw("POST", "/whole?times=2").body("ab").await.unwrap();
    assert_eq!(answer.body(), &"abab");
    assert_eq!(client.whole(Bytes::new(), 2).await.unwrap(), Bytes::new());
}

#[counterpart::test]
async fn a_limit_holds_for_what_is_announced_and_for_what_comes() {
    let client = ContentsClient::local(app());
    assert_eq!(client.small("abcd", 1).await.unwrap(), "abcd");
    for error in [
        client.small("abcde", 1).await.unwrap_err().problem().cloned(),
        client.small(Body::wrap(Source::of(5)), 1).await.unwrap_err().problem().cloned(),
        client.whole("abcde", 1).await.unwrap_err().problem().cloned(),
    ] {
        let problem = error.unwrap();
        assert_eq!(
            (problem.status.as_u16(), problem.code.as_deref()),
            (413, Some("http.too-large"))
        );
        assert_eq!(problem.take_member::<u64>("limit"), Some(4));
    }
    let streamed = client.raw("POST", "/whole?times=1").body(Body::wrap(Source::of(5)));
    assert_eq!(streamed.await.unwrap().status(), 413);
}

#[counterpart::test]
async fn a_broken_body_is_the_clients_mistake() {
    let client = ContentsClient::local(app());
    assert_eq!(client.count(Body::empty()).await.unwrap_err(), UploadError::Empty);
    for (kind, status) in [
        (BodyErrorKind::Stalled, 408),
        (BodyErrorKind::Malformed, 400),
        (BodyErrorKind::TooLarge { limit: 1 }, 413),
    ] {
        let (inlet, body) = Body::fed(None);
        inlet.fail(kind.into());
        let error = client.count(body).await.unwrap_err();
        assert_eq!(error.problem().unwrap().status, status);
    }
}

/// The time of a call holds for what is streamed to it, as it does over a socket.
#[tokio::test(start_paused = true)]
async fn a_stream_is_given_up_in_time() {
    let (inlet, body) = Body::fed(None);
    inlet.give(Bytes::from_static(b"piece"));
    let limit = Duration::from_secs(5);
    let mut answer = ContentsClient::local(app()).mirror("n", body).timeout(limit).await.unwrap();
    assert_eq!(answer.value.chunk().await.unwrap().unwrap(), "piece");
    let began = tokio::time::Instant::now();
    let error = answer.value.chunk().await.unwrap_err();
    assert_eq!((error.kind(), began.elapsed()), (&BodyErrorKind::Overdue, limit));
}

/// What a socket's peer is told of a body that it breaks or that is too long, and when it is asked for one.
#[counterpart::test]
async fn a_socket_is_told_what_was_wrong() {
    let chunked = "transfer-encoding: chunked\r\n\r\n";
    for (target, rest, status) in [
        ("/small?times=1", format!("{chunked}3\r\nabc\r\n3\r\nabc\r\n0\r\n\r\n"), 413),
        ("/whole?times=1", "content-length: 1099511627776\r\n\r\n".to_owned(), 413),
        ("/small?times=1", format!("{chunked}3\r\nabcX"), 400),
        ("/count", format!("{chunked}zz\r\n"), 400),
        // Nobody is told to go on whose request is wrong already.
        ("/small?times=x", "expect: 100-continue\r\ncontent-length: 3\r\n\r\n".to_owned(), 400),
        ("/small?times=1", "expect: 100-continue\r\ncontent-length: 9\r\n\r\n".to_owned(), 413),
        ("/small?times=1", "expect: 100-continue\r\ncontent-length: 3\r\n\r\n".to_owned(), 100),
    ] {
        let bound = app().bind("127.0.0.1:0").await.unwrap();
        let mut stream = TcpStream::connect(bound.addr()).await.unwrap();
        let mut line = [0; 12];
        let talk = async {
            let head = format!("POST {target} HTTP/1.1\r\nhost: a\r\n{rest}");
            stream.write_all(head.as_bytes()).await.unwrap();
            stream.read_exact(&mut line).await.unwrap();
            drop(stream);
        };
        bound.serve_until(talk).await.unwrap();
        assert_eq!(std::str::from_utf8(&line).unwrap(), format!("HTTP/1.1 {status}"), "{rest}");
    }
}

/// What is wrong elsewhere is said before a byte of the content is asked for.
#[counterpart::test]
async fn content_is_not_touched_where_something_else_is_wrong() {
    let client = ContentsClient::local(app());
    for target in ["/small?times=x", "/whole?times=x"] {
        let source = Source::of(1);
        let given = source.given.clone();
        let answer = client.raw("POST", target).body(Body::wrap(source)).await.unwrap();
        assert_eq!(answer.problem().unwrap().errors[0].pointer, "/times");
        assert_eq!(given.load(SeqCst), 0);
    }
}
