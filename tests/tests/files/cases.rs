//! The documents of `tests/files`, over a socket and below a prefix of an app.

use std::net::SocketAddr;

use counterpart::files::Files;
use counterpart::http::{HeaderName, HeaderValue, Method, header};
use counterpart::server::Server;
use counterpart::{App, Request, Response, Service};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::oneshot;

use super::document::{Case, Document};

/// S36, S37, S38, S39, S40, S41, S42, S44, S45, S46, S47, S48, S49, S50, T55, T56, T59: as the documents have it.
#[tokio::test]
async fn the_documents_hold() {
    for document in Document::all() {
        let mut came = Vec::new();
        let (address, stop) = serve(document.files.clone()).await;
        for case in &document.cases {
            came.push(over_socket(address, case).await);
        }
        stop.send(()).unwrap();
        document.hold(&came);
    }
}

/// What is mounted answers as what stands alone.
#[tokio::test]
async fn below_a_prefix_all_is_the_same() {
    for document in Document::all() {
        let app = App::new().mount_at("/at", document.files.clone()).assemble().unwrap();
        for case in document.cases.iter().filter(|case| case.request.contains(" /")) {
            let alone = in_process(&document.files, case, "").await;
            let below = in_process(&app, case, "/at").await;
            assert_eq!(below, alone, "{} of {}", case.title, document.folder.root().display());
        }
    }
}

async fn serve(files: Files) -> (SocketAddr, oneshot::Sender<()>) {
    let server = Server::bind("127.0.0.1:0").await.unwrap();
    let address = server.local_addr();
    let (stop, stopped) = oneshot::channel();
    tokio::spawn(server.serve_until(files, async { stopped.await.unwrap_or_default() }));
    (address, stop)
}

async fn over_socket(address: SocketAddr, case: &Case) -> String {
    let mut wire = TcpStream::connect(address).await.unwrap();
    let mut lines = case.request.lines();
    let mut bytes =
        format!("{} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n", lines.next().unwrap());
    lines.for_each(|line| bytes = format!("{bytes}{line}\r\n"));
    wire.write_all((bytes + "\r\n").as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    wire.read_to_end(&mut answer).await.unwrap();
    told(&String::from_utf8_lossy(&answer), &case.title)
}

/// An answer without what every one has.
fn told(answer: &str, title: &str) -> String {
    let (head, content) = answer.split_once("\r\n\r\n").unwrap_or((answer, ""));
    let mut lines = head.split("\r\n");
    let status = lines.next().unwrap_or_default().trim_start_matches("HTTP/1.1 ");
    let (every, fields): (Vec<_>, Vec<_>) = lines.partition(|line| {
        let name = line.split(':').next().unwrap_or_default().to_ascii_lowercase();
        matches!(&*name, "date" | "connection")
            || line.eq_ignore_ascii_case("x-content-type-options: nosniff")
    });
    assert_eq!(every.len(), 3, "`{title}`: {every:?}");
    let (content, styled) = unstyled(content);
    let told = fields.iter().filter(|line| !(styled && line.starts_with("content-length")));
    let head = told.fold(status.to_owned(), |all, line| all + "\n" + line);
    match content.trim_end_matches('\n') {
        "" => head,
        content => format!("{head}\n\n{content}"),
    }
}

/// A page without its style, whose length then says nothing.
fn unstyled(content: &str) -> (String, bool) {
    match (content.split_once("<style>"), content.split_once("</style>")) {
        (Some((before, _)), Some((_, after))) => (format!("{before}<style>…</style>{after}"), true),
        _ => (content.to_owned(), false),
    }
}

/// Status, place and content.
async fn in_process(service: &impl Service, case: &Case, prefix: &str) -> (u16, String, String) {
    let mut lines = case.request.lines();
    let (method, target) = lines.next().unwrap().split_once(' ').unwrap();
    let method: Method = method.parse().unwrap();
    let mut request = Request::new(method.clone(), format!("{prefix}{target}"));
    for line in lines.take_while(|line| !line.is_empty()) {
        let (name, value) = line.split_once(':').unwrap();
        let name = HeaderName::from_bytes(name.as_bytes()).unwrap();
        request.head.fields.append(name, HeaderValue::from_str(value.trim()).unwrap());
    }
    let response: Response = service.call(request).await.unwrap();
    let status = response.status.as_u16();
    let place = response.fields.get_str(header::LOCATION).unwrap_or_default();
    assert!(place.is_empty() || place.starts_with(prefix), "`{place}` is not below `{prefix}`");
    let place = place.trim_start_matches(prefix).to_owned();
    let content = response.body.collect(1 << 20).await.unwrap();
    // A listing tells where it is.
    let content = String::from_utf8_lossy(&content).replace(&format!("{prefix}/"), "/");
    (status, place, content)
}
