//! Responses: each case is what a scripted peer answers to a real connection by hand.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use counterpart::Request;
use counterpart::client::{Answer, Connection, Connector};
use counterpart::http::{HeaderName, HeaderValue, Method};
use counterpart::service::Fault;
use counterpart::text::{Fields, ResponseHead};
use counterpart_tests::h1::document::{Case, Document};
use counterpart_tests::h1::play::Log;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use super::{AT_A_TIME, side_by_side};

/// C36, C47, C52: a client hears what the documents say, and takes nothing that is cut short for whole.
#[tokio::test]
async fn a_client_hears_what_the_documents_say() {
    let cases: Vec<Case> =
        Document::all("responses").into_iter().flat_map(|document| document.cases).collect();
    let mut faults = String::new();
    for some in cases.chunks(AT_A_TIME) {
        for outcome in side_by_side(some.iter().map(try_out).collect()).await {
            faults.extend(outcome.err());
        }
    }
    assert!(faults.is_empty(), "{faults}");
}

/// Plays a case to a client, and says how what it heard differs from what is expected.
fn try_out(case: &Case) -> impl Future<Output = Result<(), String>> + Send + 'static {
    let (title, parts, asked) = (case.title.clone(), case.parts.clone(), case.ours.clone());
    let surplus = case.events.ends_with("Surplus");
    let due = comparable(&case.events, surplus);
    async move {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let peer = tokio::spawn(async move {
            let (stream, _) = listener.accept().await.unwrap();
            answer(stream, &parts).await;
        });
        let log = Arc::new(Mutex::new(Log::default()));
        let asking = ask(address, &asked, log.clone());
        let in_time = tokio::time::timeout(Duration::from_secs(9), asking).await.is_ok();
        peer.abort();
        let came = log.lock().unwrap().finish();
        match in_time && comparable(&came, surplus) == due {
            true => Ok(()),
            false => Err(format!("## {title}\n--- wanted\n{due}\n--- came, {in_time}\n{came}\n\n")),
        }
    }
}

/// What a connection by hand tells of these events. It writes names of trailers small; and of bytes that nobody asked
/// for it tells nothing, but is closed, at the latest when it is used again.
fn comparable(events: &str, surplus: bool) -> String {
    let mut lines: Vec<_> = events.lines().map(by_rule).collect();
    if surplus {
        let end = lines.iter().rposition(|line| line == "end").map_or(0, |end| end + 1);
        lines.truncate(end);
    }
    lines.pop_if(|last| last == "closed");
    let trailers = lines.iter().position(|line| line == "trailers").unwrap_or(lines.len());
    for line in lines[trailers..].iter_mut().filter(|line| line.starts_with("  ")) {
        if let Some((name, value)) = line.split_once(": ") {
            *line = format!("{}: {value}", name.to_lowercase());
        }
    }
    lines.join("\n")
}

/// A client tells which rule was broken, and no status: it answers nobody.
fn by_rule(line: &str) -> String {
    match line.strip_prefix("error theirs ") {
        Some(rest) => format!("error {}", &rest["400 ".len()..]),
        None => line.to_owned(),
    }
}

/// Answers each request with its part, then ends.
async fn answer(mut stream: TcpStream, parts: &[Vec<u8>]) {
    for part in parts {
        let mut request = Vec::new();
        while !request.ends_with(b"\r\n\r\n") {
            if stream.read_buf(&mut request).await.unwrap_or(0) == 0 {
                return;
            }
        }
        let _ = stream.write_all(part).await;
    }
    let _ = stream.shutdown().await;
    // Until the client has had enough of it.
    let _ = stream.read_to_end(&mut Vec::new()).await;
}

async fn ask(address: SocketAddr, asked: &[String], log: Arc<Mutex<Log>>) {
    let interim = log.clone();
    let connector = Connector::new().on_interim(move |head| {
        interim.lock().unwrap_or_else(PoisonError::into_inner).head("interim", head);
    });
    let mut connection = connector.connect(&address.to_string()).await.unwrap();
    let one = ["GET /".to_owned()];
    for line in if asked.is_empty() { &one } else { asked } {
        if let Err(fault) = ask_once(&mut connection, line, &log).await {
            let mut log = log.lock().unwrap();
            log.flush();
            return match fault.protocol() {
                Some(kind) => log.say(&format!("error {kind:?}")),
                None => log.say(&format!("fault {:?}", fault.kind())),
            };
        }
    }
}

async fn ask_once(connection: &mut Connection, line: &str, log: &Mutex<Log>) -> Result<(), Fault> {
    let (request, connects) = request(line);
    let mut answer = connection.send(request).await?;
    let head = head(&answer);
    log.lock().unwrap().head("head", &head);
    if head.status.as_u16() == 101 || connects && head.status.is_success() {
        let mut rest = Vec::new();
        answer.upgrade().await?.read_to_end(&mut rest).await.unwrap();
        log.lock().unwrap().switched(&rest);
        return Ok(());
    }
    while let Some(piece) = answer.chunk().await? {
        log.lock().unwrap().data(&piece);
    }
    let trailers = answer.trailers().map(|trailers| {
        let mut fields = Fields::new();
        for (name, value) in trailers {
            fields.append(name.clone(), value.clone());
        }
        fields
    });
    let mut log = log.lock().unwrap();
    log.end(trailers.as_ref());
    log.say(if answer.is_reusable() { "keep" } else { "close" });
    Ok(())
}

fn head(answer: &Answer<'_>) -> ResponseHead {
    let mut head = ResponseHead::new(answer.status());
    head.version = answer.version();
    head.fields = answer.fields().clone();
    head
}

/// A line of a `request` block, and whether it is CONNECT.
fn request(line: &str) -> (Request, bool) {
    let mut parts = line.split(" + ");
    let (method, target) = parts.next().unwrap().split_once(' ').unwrap();
    let method: Method = method.parse().unwrap();
    let connects = method == Method::CONNECT;
    let mut request = Request::new(method, target.to_owned());
    for (name, value) in parts.map(|part| part.split_once(": ").unwrap()) {
        let value = HeaderValue::from_str(value).unwrap();
        request = request.with_field(name.parse::<HeaderName>().unwrap(), value);
    }
    (request, connects)
}
