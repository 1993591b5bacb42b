//! Requests: each case is sent to a real server, whose service answers as the case says.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use counterpart::http::{HeaderName, HeaderValue, Method, StatusCode};
use counterpart::proto::h1::Limits;
use counterpart::server::{Config, Server};
use counterpart::text::RequestHead;
use counterpart::wire::Upgraded;
use counterpart::{Fault, Request, Response, Service};
use counterpart_tests::h1::document::{Case, Document};
use counterpart_tests::h1::play::{Shown, quoted};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::expected::{Expected, Outcome};
use super::{AT_A_TIME, side_by_side};

/// T39: the server answers as the documents say, whether a request comes whole or in pieces.
#[tokio::test]
async fn a_server_does_what_the_documents_say() {
    let house = House::default();
    let mut config = Config::default();
    config.limits = Limits::server();
    let server = Server::bind("127.0.0.1:0").await.unwrap().with_config(config);
    let address = server.local_addr();
    tokio::spawn(server.serve(house.clone()));

    let cases: Vec<Case> =
        Document::all("requests").into_iter().flat_map(|document| document.cases).collect();
    let mut faults = String::new();
    for some in cases.chunks(AT_A_TIME) {
        let mut tried = Vec::new();
        for case in some.iter().filter(|case| !is_about_the_machine(case)) {
            tried.extend([1, 3].map(|pieces| try_out(house.clone(), address, case, pieces)));
        }
        for outcome in side_by_side(tried).await {
            faults.extend(outcome.err());
        }
    }
    assert!(faults.is_empty(), "{faults}");
}

/// The driver reads a request that has no body to its end before it asks anybody for an answer.
fn is_about_the_machine(case: &Case) -> bool {
    case.title.starts_with("no switch before") || case.title.starts_with("no tunnel before")
}

/// Sends a case in so many pieces, and says how what came of it differs from what is expected.
fn try_out(
    house: House,
    address: SocketAddr,
    case: &Case,
    pieces: usize,
) -> impl Future<Output = Result<(), String>> + Send + 'static {
    let (title, expected) = (case.title.clone(), Expected::of(case));
    let (bytes, answers) = (case.parts.concat(), case.ours.clone());
    // The server's own answer, to what nobody can expect.
    let answers: Vec<String> =
        answers.into_iter().filter(|line| !line.starts_with("417")).collect();
    async move {
        let stream = TcpStream::connect(address).await.unwrap();
        stream.set_nodelay(true).unwrap();
        let own = stream.local_addr().unwrap();
        house.guests.lock().unwrap().insert(own, Guest { answers, ..Guest::default() });
        let said = speak(stream, &bytes, pieces, &expected);
        let said = tokio::time::timeout(Duration::from_secs(9), said).await;
        let guest = house.guests.lock().unwrap().remove(&own).unwrap();
        let Ok((statuses, closes)) = said else {
            return Err(format!("## {title}\nno end: {expected:?}\n"));
        };
        let came = Outcome { statuses, closes, heard: guest.heard, switched: guest.switched };
        match expected.allows(came.clone()) {
            true => Ok(()),
            false => Err(format!("## {title}\nexpected {expected:?}\ncame     {came:?}\n")),
        }
    }
}

/// Sends, and hears all that comes: the statuses of final answers, and whether the last says `close`.
async fn speak(
    mut stream: TcpStream,
    bytes: &[u8],
    pieces: usize,
    expected: &Expected,
) -> (Vec<u16>, bool) {
    for piece in bytes.chunks(bytes.len().div_ceil(pieces).max(1)) {
        // It may have refused and closed already.
        let _ = stream.write_all(piece).await;
        tokio::task::yield_now().await;
    }
    let due = &expected.outcome;
    let methods: Vec<_> = due.heard.iter().filter_map(|line| line.strip_prefix("head ")).collect();
    if expected.leaves {
        let _ = stream.shutdown().await;
    }
    let mut heard = Vec::new();
    loop {
        let answers = answers(&heard, &methods);
        // Whoever keeps the connection waits for us to end it, and whoever does not ends it.
        let says_close = answers.last().is_some_and(|(_, closes)| *closes);
        if answers.len() >= due.statuses.len() && !says_close {
            let _ = stream.shutdown().await;
        }
        if stream.read_buf(&mut heard).await.unwrap_or(0) == 0 {
            return (answers.into_iter().map(|(status, _)| status).collect(), says_close);
        }
    }
}

/// The whole final answers at the front of bytes: status, and whether it says `close`.
fn answers(mut bytes: &[u8], methods: &[&str]) -> Vec<(u16, bool)> {
    let mut answers = Vec::new();
    while let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
        let head = std::str::from_utf8(&bytes[..end]).expect("our heads are ASCII");
        let field = |name: &str| head.lines().find_map(|line| line.strip_prefix(name));
        let closes = head.lines().any(|line| line == "connection: close");
        let status: u16 = head["HTTP/1.1 ".len()..][..3].parse().expect("a status");
        let method = methods.get(answers.len()).and_then(|line| line.split(' ').next());
        let length =
            field("content-length: ").map_or(0, |length| length.parse().expect("a length"));
        let bodiless = method == Some("HEAD") || status < 200 || matches!(status, 204 | 304);
        let whole = end + 4 + if bodiless { 0 } else { length };
        let Some(rest) = bytes.get(whole..) else { break };
        bytes = rest;
        if status >= 200 || status == 101 {
            answers.push((status, closes));
        }
        if status == 101 || method == Some("CONNECT") && status < 300 {
            break;
        }
    }
    answers
}

/// Where each case is served by what it says.
#[derive(Debug, Default, Clone)]
struct House {
    guests: Arc<Mutex<HashMap<SocketAddr, Guest>>>,
}

/// What is answered on one connection, and what was heard there.
#[derive(Debug, Default)]
struct Guest {
    answers: Vec<String>,
    calls: usize,
    heard: Vec<String>,
    switched: Option<String>,
}

impl House {
    fn with<T>(&self, guest: SocketAddr, then: impl FnOnce(&mut Guest) -> T) -> T {
        let mut guests = self.guests.lock().unwrap();
        then(guests.get_mut(&guest).expect("each guest is known"))
    }

    fn answer(self, guest: SocketAddr, line: &str, head: &RequestHead) -> Response {
        let connects = head.method == Method::CONNECT;
        // A service goes over to what was offered, and to nothing else; the last of it will do.
        let offered = head.fields.get_str("upgrade").and_then(|offered| offered.rsplit(',').next());
        let protocol = offered.unwrap_or("echo").trim().to_owned();
        let mut parts = line.split(" + ");
        let status: StatusCode = parts.next().unwrap().parse().unwrap();
        let listen = async move |mut wire: Upgraded| {
            let mut rest = Vec::new();
            wire.read_to_end(&mut rest).await.unwrap();
            self.with(guest, |guest| guest.switched = Some(quoted(&rest)));
        };
        if status == StatusCode::SWITCHING_PROTOCOLS {
            return Response::upgrade(HeaderValue::from_str(&protocol).unwrap(), listen);
        }
        if connects && status.is_success() {
            return Response::tunnel(listen);
        }
        let mut response = Response::new(status);
        for (name, value) in parts.map(|part| part.split_once(": ").unwrap()) {
            if name == "content-length" {
                response = response.with_body("x".repeat(value.parse().unwrap()));
            } else {
                let name: HeaderName = name.parse().unwrap();
                response = response.with_field(name, HeaderValue::from_str(value).unwrap());
            }
        }
        response
    }
}

/// As a service, shared with those who knock.
impl Service for House {
    async fn call(&self, request: Request) -> Result<Response, Fault> {
        let guest = request.peer.expect("a socket has another end");
        let Request { head, body, .. } = request;
        let line = self.with(guest, |guest| {
            guest.heard.push(format!("head {}", head.line()));
            guest.calls += 1;
            guest.answers.get(guest.calls - 1).cloned().unwrap_or_else(|| "200".to_owned())
        });
        if !line.contains(" early") {
            let data = body.collect(u64::MAX).await?;
            if !data.is_empty() {
                self.with(guest, |guest| guest.heard.push(format!("data {}", quoted(&data))));
            }
        }
        Ok(self.clone().answer(guest, &line.replace(" early", ""), &head))
    }
}
