//! What a fault tells, and what it keeps to itself.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use counterpart::client::{Connector, Error, Timeouts};
use counterpart::http::{HeaderName, Method, StatusCode};
use counterpart::proto::h1::ErrorKind;
use counterpart::service::{Deadline, FaultKind, Phase};
use tokio::time::Instant;

use super::house::*;

/// C63: a fault knows its call, tells no secret of it, and can be asked what it is.
#[tokio::test]
async fn what_a_fault_tells() {
    let (mut connection, mut peer) = talk();
    let request = with(with(get("/a?b"), "authorization", "Basic s3cret"), "cookie", "c=s3cret");
    let (_, answer) = ask(&mut connection, &mut peer, request, "HTTP/1.1 401 No\r\n\r\n").await;
    let fault: Error = answer.unwrap().error_for_status().unwrap_err();
    assert_eq!((fault.method(), fault.url()), (Some(&Method::GET), Some("http://localhost/a?b")));
    assert_eq!((fault.is_status(), fault.status()), (true, Some(StatusCode::UNAUTHORIZED)));
    assert_eq!(fault.to_string(), "the answer is 401 (GET http://localhost/a?b)");
    assert!(!format!("{fault} {fault:?}").contains("s3cret"));

    let (mut connection, mut peer) = talk();
    let mut answer = got(&mut connection, &mut peer, HI).await;
    let fault = answer.json::<u8>().await.unwrap_err();
    assert!(fault.is_decode() && fault.url().is_some(), "{fault}");
    let mut answer = got(&mut connection, &mut peer, HI.replace("hi", "\u{e9}")).await;
    answer.text().await.unwrap();
    let bytes = b"HTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\n\xff";
    assert!(got(&mut connection, &mut peer, bytes).await.text().await.unwrap_err().is_decode());
}

/// C35: a status line that is none is shown, escaped and cut.
#[tokio::test]
async fn bad_status_lines() {
    for line in [
        "HTP/1.1 200 OK",
        "HTTP/1.1  200 OK",
        "HTTP/1.1 +200 OK",
        "HTTP/1.1 20 OK",
        "HTTP/1.1 2000",
        "HTTP/1.1 099 Low",
        "http/1.1 200 OK",
        "HTTP/1.1 200\tOK",
    ] {
        let fault = last_words(format!("{line}\r\n\r\n")).await.unwrap_err();
        assert_eq!(fault.kind(), FaultKind::Malformed);
        assert_eq!(fault.protocol(), Some(ErrorKind::BadStatusLine), "{line}");
        let shown = line.escape_default().to_string();
        assert!(fault.to_string().contains(&shown), "{fault}");
    }
    let long = format!("\x1b[31m{}\r\n\r\n", "x".repeat(1000));
    let said = last_words(long).await.unwrap_err().to_string();
    assert!(said.contains("\\x1b[31mxxx") && !said.contains(&"x".repeat(253)), "{said}");
}

/// C36: a peer that closes without a word, on a new connection and on one that was used.
#[tokio::test]
async fn no_word() {
    for reused in [false, true] {
        let (mut connection, mut peer) = talk();
        if reused {
            got(&mut connection, &mut peer, HI).await.text().await.unwrap();
        }
        let (answer, ()) = tokio::join!(connection.send(get("/")), async move {
            peer.head().await;
        });
        assert_eq!(answer.unwrap_err().kind(), FaultKind::Disconnected { reused });
    }
}

/// C41: a head that ends with the stream is none.
#[tokio::test]
async fn half_a_head() {
    let fault = last_words("HTTP/1.1 200 OK\r\na: b\r\n").await.unwrap_err();
    assert_eq!(fault.kind(), FaultKind::Incomplete { received: 23, expected: None });
    for bad in ["no colon", ": x", "a b: c", "a : b", " folded: x"] {
        let fault = last_words(format!("HTTP/1.1 200 OK\r\n{bad}\r\n\r\n")).await.unwrap_err();
        assert_eq!(fault.protocol(), Some(ErrorKind::BadField), "{bad}");
    }
}

/// C42: a field that goes on in the next line is refused.
#[tokio::test]
async fn folds() {
    let fault = last_words("HTTP/1.1 200 OK\r\na: b\r\n c\r\n\r\n").await.unwrap_err();
    assert_eq!(fault.protocol(), Some(ErrorKind::BadField));
}

#[track_caller]
fn assert_took(since: Instant, expected: Duration) {
    let took = since.elapsed();
    assert!(took >= expected && took < expected + Duration::from_secs(1), "{took:?}");
}

/// C26: each phase has its own time.
#[tokio::test(start_paused = true)]
async fn phases() {
    let mut timeouts = Timeouts::default();
    timeouts.send = Duration::from_secs(3);
    timeouts.head = Duration::from_secs(5);
    timeouts.body = Duration::from_secs(7);
    let connector = Connector::new().timeouts(timeouts);

    let (mut connection, _peer) = talk_through(&connector, 16);
    let start = Instant::now();
    let fault = connection.send(get("/")).await.unwrap_err();
    assert_eq!(fault.kind(), FaultKind::Timeout(Phase::Send));
    assert_took(start, timeouts.send);

    let (mut connection, _peer) = talk_by(&connector);
    let start = Instant::now();
    let fault = connection.send(get("/")).await.unwrap_err();
    assert_eq!(fault.kind(), FaultKind::Timeout(Phase::Head));
    assert!(fault.is_timeout() && fault.url().is_some());
    assert_took(start, timeouts.head);

    let (mut connection, mut peer) = talk_by(&connector);
    let mut answer = got(&mut connection, &mut peer, HI.replace('2', "9")).await;
    assert_eq!(answer.chunk().await.unwrap().unwrap(), "hi");
    let start = Instant::now();
    let fault = answer.chunk().await.unwrap_err();
    assert_eq!(fault.kind(), FaultKind::Timeout(Phase::Body));
    assert_took(start, timeouts.body);
}

/// C26: a deadline is for the whole call, whatever it waits for and however much comes.
#[tokio::test(start_paused = true)]
async fn in_all() {
    let (mut connection, mut peer) = talk_by(&Connector::new());
    let mut request = get("/");
    request.extensions.insert(Deadline(Duration::from_secs(20)));
    let start = Instant::now();
    let (_, answer) = ask(&mut connection, &mut peer, request, "HTTP/1.1 200 OK\r\n\r\n").await;
    let mut answer = answer.unwrap();
    let drip = async {
        loop {
            peer.say("x").await;
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    };
    let fault = tokio::select! {
        answered = answer.text() => answered.unwrap_err(),
        () = drip => unreachable!(),
    };
    assert_eq!(fault.kind(), FaultKind::Timeout(Phase::Total));
    assert_took(start, Duration::from_secs(20));
}

/// C09: a peer that does not answer, drips, or says "wait" without end is left in time.
#[tokio::test(start_paused = true)]
async fn peers_that_never_answer() {
    for script in ["", "HTTP/1.1 200 OK\r\nx: ", "HTTP/1.1 100 Continue\r\n\r\n"] {
        let (mut connection, mut peer) = talk_by(&Connector::new());
        let start = Instant::now();
        let drip = async {
            peer.head().await;
            loop {
                peer.say(script).await;
                tokio::time::sleep(Duration::from_secs(2)).await;
            }
        };
        let fault = tokio::select! {
            answered = connection.send(get("/")) => answered.unwrap_err(),
            () = drip => unreachable!(),
        };
        assert_eq!(fault.kind(), FaultKind::Timeout(Phase::Head));
        assert_took(start, Duration::from_secs(60));
    }
}

/// C30: what travels is told line by line, secrets hidden, content by its length.
#[tokio::test]
async fn tracing() {
    let lines = Arc::new(Mutex::new(Vec::new()));
    let heard = lines.clone();
    let connector = Connector::new()
        .trace(move |line| heard.lock().unwrap().push(line.to_owned()))
        .hide(HeaderName::from_static("x-key"));
    let (mut connection, mut peer) = talk_by(&connector);
    let request = with(with(post("abc"), "authorization", "Basic s3cret"), "x-key", "s3cret");
    let script = "HTTP/1.1 200 Fine\r\nSet-Cookie: s3cret\r\nContent-Length: 2\r\n\r\nhi";
    let (_, answer) = ask(&mut connection, &mut peer, request, script).await;
    answer.unwrap().text().await.unwrap();
    let expected = "\
        > POST / HTTP/1.1\n> host: localhost\n> authorization: (hidden)\n> x-key: (hidden)\n\
        > accept-encoding: identity\n> content-length: 3\n> (3 bytes)\n\
        < HTTP/1.1 200 Fine\n< Set-Cookie: (hidden)\n< Content-Length: 2\n< (2 bytes)";
    assert_eq!(lines.lock().unwrap().join("\n"), expected);
}

/// What may not follow `HTTP/1.1 200 OK` and a line end, up to the content.
const BAD_FIELDS: &[&str] = &[
    "no colon\r\n\r\n",
    ": no name\r\n\r\n",
    "a b: c\r\n\r\n",
    "a : b\r\n\r\n",
    "a\t: b\r\n\r\n",
    " a: b\r\n\r\n",
    "a: b\r\n c\r\n\r\n",
    "a: b\r\n\tc\r\n\r\n",
    "a: b\0c\r\n\r\n",
    "a: b\x01\r\n\r\n",
    "a: b\x7f\r\n\r\n",
    "a: b\rc\r\n\r\n",
    "a: b\nc: d\r\n\r\n",
    "a: b\r\n\n",
    "a: b\n\n",
    "\u{e9}: b\r\n\r\n",
    "a(b): c\r\n\r\n",
    "a;b: c\r\n\r\n",
    "\"a\": b\r\n\r\n",
    "content-length: 1 \r\ncontent-length: 2\r\n\r\nab",
    "content-length: 1, 2\r\n\r\nab",
    "content-length: +1\r\n\r\na",
    "content-length: -1\r\n\r\na",
    "content-length: 1a\r\n\r\na",
    "content-length: 0x1\r\n\r\na",
    "content-length: 1_0\r\n\r\na",
    "content-length: 1.0\r\n\r\na",
    "content-length: \r\n\r\na",
    "content-length: ,1\r\n\r\na",
    "content-length: 18446744073709551616\r\n\r\na",
    "transfer-encoding: gzip\r\n\r\na",
    "transfer-encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
    "transfer-encoding: chunked, chunked\r\n\r\n0\r\n\r\n",
    "transfer-encoding: chunked, gzip\r\n\r\n0\r\n\r\n",
    "transfer-encoding: xchunked\r\n\r\n0\r\n\r\n",
    "transfer-encoding: \"chunked\"\r\n\r\n0\r\n\r\n",
    "transfer-encoding: chunked;q=1\r\n\r\n0\r\n\r\n",
    "transfer-encoding:\r\n\r\n0\r\n\r\n",
    "transfer-encoding: chunked\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n",
];

/// What may not stand as content in chunks.
const BAD_CHUNKS: &[&str] = &[
    "+1\r\na\r\n0\r\n\r\n",
    "-1\r\na\r\n0\r\n\r\n",
    "0x1\r\na\r\n0\r\n\r\n",
    "1_0\r\na\r\n0\r\n\r\n",
    " 1\r\na\r\n0\r\n\r\n",
    "g\r\na\r\n0\r\n\r\n",
    "\r\n",
    "1\na\r\n0\r\n\r\n",
    "1\ra\r\n0\r\n\r\n",
    "1\r\nab0\r\n\r\n",
    "1\r\na\n0\r\n\r\n",
    "1\r\na\r0\r\n\r\n",
    "1;\na\r\n0\r\n\r\n",
    "1;a\rb\r\na\r\n0\r\n\r\n",
    "1;a=\0\r\na\r\n0\r\n\r\n",
    "10000000000000000\r\na",
    "1\r\na\r\n0\r\nno colon\r\n\r\n",
    "1\r\na\r\n0\r\na : b\r\n\r\n",
    "1\r\na\r\n0\r\n\n",
];

/// C01: no malformed answer is taken for an answer.
#[tokio::test]
async fn malformed_answers() {
    let lines = [
        "",
        "\r\n",
        "nonsense",
        "HTTP/1.1",
        "HTTP/1.1 200OK",
        "HTTP/1.1 1000 OK",
        "HTTP/2.0 200 OK",
        "HTTP/1,1 200 OK",
        "HTTP/1.1 200 O\x01K",
        "HTTP/01.1 200 OK",
    ];
    let lines = lines.iter().map(|line| format!("{line}\r\n\r\n"));
    let fields = BAD_FIELDS.iter().map(|rest| format!("HTTP/1.1 200 OK\r\n{rest}"));
    let coded = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n";
    let chunks = BAD_CHUNKS.iter().map(|rest| format!("{coded}{rest}"));
    let all: Vec<String> = lines.chain(fields).chain(chunks).collect();
    assert!(all.len() >= 60, "{}", all.len());
    for answer in all {
        let fault = last_words(&answer).await.expect_err(&answer);
        assert_eq!(fault.kind(), FaultKind::Malformed, "{answer:?}: {fault}");
        assert!(fault.protocol().is_some(), "{answer:?}: {fault}");
    }
}

/// Writes where a test can read it.
struct Log(Arc<Mutex<Vec<u8>>>);

impl std::io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// C30: whoever listens to `counterpart::wire` is told the same, without asking the connector.
#[tokio::test]
async fn tracing_events() {
    let log = Arc::new(Mutex::new(Vec::new()));
    let writes = log.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_ansi(false)
        .with_writer(move || Log(writes.clone()))
        .finish();
    let listening = tracing::subscriber::set_default(subscriber);
    let (mut connection, mut peer) = talk();
    let request = with(get("/"), "cookie", "s3cret");
    ask(&mut connection, &mut peer, request, HI).await.1.unwrap().text().await.unwrap();
    drop(listening);
    let heard = String::from_utf8(log.lock().unwrap().clone()).unwrap();
    for line in ["> GET / HTTP/1.1", "> cookie: (hidden)", "< HTTP/1.1 200 OK", "< (2 bytes)"] {
        assert!(heard.contains(&format!("TRACE counterpart::wire: {line}\n")), "{heard}");
    }
    assert!(!heard.contains("s3cret"));
}
