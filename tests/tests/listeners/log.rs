//! The access log: one entry for each request, whatever becomes of it.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::mpsc::{Receiver, channel};

use counterpart::http::{HeaderValue, StatusCode};
use counterpart::layers::around::around;
use counterpart::layers::forwarded::Forwarded;
use counterpart::server::access::{self, Entry};
use counterpart::server::{Config, Server};
use counterpart::service::{AnyService, from_fn};
use counterpart::{Request, Response, Service};

use super::{Running, ask, away, config};

/// A log whose lines are received as they are written.
fn logged(form: fn(&Entry<'_>) -> String) -> (Config, Receiver<String>) {
    let (tell, told) = channel();
    let log = move |entry: &Entry<'_>| {
        let _ = tell.send(form(entry));
    };
    (config(|c| c.access_log = Some(std::sync::Arc::new(log))), told)
}

/// Without the time, which is another at every run.
fn common(entry: &Entry<'_>) -> String {
    let line = entry.combined().to_string();
    let (before, after) = line.split_once(" [").unwrap();
    format!("{before} {}", after.split_once("] ").unwrap().1)
}

fn outcome(entry: &Entry<'_>) -> String {
    let target = entry.head.map(|head| String::from_utf8_lossy(&head.target).into_owned());
    let status = entry.status.map(|status| status.as_u16());
    format!("{target:?} {status:?} complete: {}", entry.complete)
}

/// `/large` is 4 MiB; `/never` is never answered; `/other` speaks another protocol, and so does `tunnel:1`.
fn service() -> impl Service {
    from_fn(async |request: Request| {
        let ok = Response::new(StatusCode::OK);
        Ok(match request.path() {
            "tunnel:1" => Response::tunnel(async |_| ()),
            "/other" => Response::upgrade(HeaderValue::from_static("other"), async |_| ()),
            "/large" => ok.with_body(vec![b'x'; 4 << 20]),
            "/never" => std::future::pending().await,
            _ => ok.with_body("hello"),
        })
    })
}

async fn serve(config: Config) -> (Running, SocketAddr) {
    let server = Server::bind("127.0.0.1:0").await.unwrap().with_config(config);
    let address = server.local_addr();
    (Running::start(server, service()), address)
}

fn send(address: SocketAddr, bytes: &[u8]) -> TcpStream {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.write_all(bytes).unwrap();
    stream
}

fn hear(mut stream: TcpStream) -> String {
    let mut answer = Vec::new();
    // A refusal may end in a reset.
    let _ = stream.read_to_end(&mut answer);
    String::from_utf8_lossy(&answer).into_owned()
}

/// S28: each request is a line with what was sent, on a raw server too.
#[tokio::test(flavor = "multi_thread")]
async fn each_request_is_a_line() {
    let (config, lines) = logged(common);
    let (running, address) = serve(config).await;
    away(move || {
        let twice = "GET /a?b HTTP/1.1\r\nhost: a\r\nreferer: /\r\nuser-agent: me\r\n\r\n\
                     HEAD /c HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n";
        hear(send(address, twice.as_bytes()));
        assert_eq!(lines.recv().unwrap(), r#"127.0.0.1 - - "GET /a?b HTTP/1.1" 200 5 "/" "me""#);
        assert_eq!(lines.recv().unwrap(), r#"127.0.0.1 - - "HEAD /c HTTP/1.1" 200 - "-" "-""#);
    })
    .await;
    running.stop().await;
}

/// S28: an answer after which the connection leaves HTTP has its status too, at once.
#[tokio::test(flavor = "multi_thread")]
async fn what_leaves_http_is_a_line_too() {
    let (config, lines) = logged(outcome);
    let (running, address) = serve(config).await;
    away(move || {
        let upgrade =
            "GET /other HTTP/1.1\r\nhost: a\r\nconnection: upgrade\r\nupgrade: other\r\n\r\n";
        hear(send(address, upgrade.as_bytes()));
        assert_eq!(lines.recv().unwrap(), r#"Some("/other") Some(101) complete: true"#);
        hear(send(address, b"CONNECT tunnel:1 HTTP/1.1\r\nhost: a\r\n\r\n"));
        assert_eq!(lines.recv().unwrap(), r#"Some("tunnel:1") Some(200) complete: true"#);
    })
    .await;
    running.stop().await;
}

/// S28: what is refused before it is a request is a line too.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_refused_is_a_line_too() {
    let (mut config, lines) = logged(outcome);
    config.head = std::time::Duration::from_millis(50);
    let (running, address) = serve(config).await;
    away(move || {
        for (bytes, outcome) in [
            ("GET /a\r\n\r\n".into(), "None Some(400) complete: true"),
            ("GET / HTTP/1.1\r\n".into(), "None Some(408) complete: true"),
            (format!("GET /{} HTTP/1.1\r\n", "x".repeat(9000)), "None Some(414) complete: true"),
            ("GET / HTTP/1.1\r\n\r\n".into(), "None Some(400) complete: true"),
            (
                "CONNECT a:1 HTTP/1.1\r\nhost: a:1\r\n\r\n".into(),
                "Some(\"a:1\") Some(501) complete: true",
            ),
        ] {
            hear(send(address, bytes.as_bytes()));
            assert_eq!(lines.recv().unwrap(), outcome, "{bytes:.40}");
        }
    })
    .await;
    running.stop().await;
}

/// S28, T30: who goes before the end of an answer is told apart from who has it all.
#[tokio::test(flavor = "multi_thread")]
async fn what_did_not_come_to_its_end_is_told() {
    let (config, lines) = logged(outcome);
    let (running, address) = serve(config).await;
    away(move || {
        let mut stream = send(address, b"GET /large HTTP/1.1\r\nhost: a\r\n\r\n");
        stream.read_exact(&mut [0; 1000]).unwrap();
        drop(stream);
        assert_eq!(lines.recv().unwrap(), "Some(\"/large\") Some(200) complete: false");
        assert!(ask(TcpStream::connect(address).unwrap(), "/large").len() > 4 << 20);
        assert_eq!(lines.recv().unwrap(), "Some(\"/large\") Some(200) complete: true");
        // Half a body that is never read, and gone.
        let head = b"POST /never HTTP/1.1\r\nhost: a\r\ncontent-length: 9\r\n\r\nhalf";
        drop(send(address, head));
        assert_eq!(lines.recv().unwrap(), "Some(\"/never\") None complete: false");
    })
    .await;
    running.stop().await;
}

/// T80: whatever a peer sends, a request is one line of valid JSON.
#[tokio::test(flavor = "multi_thread")]
async fn nothing_ends_a_line_of_the_log() {
    let (config, lines) = logged(|entry| entry.json().to_string());
    let (running, address) = serve(config).await;
    away(move || {
        let long = "y".repeat(8000);
        for (field, status) in [
            (b"a\xe2\x80\xaeb\"\\".to_vec(), 200),
            (b"a\x1b[31m".to_vec(), 400),
            (b"a\0b".to_vec(), 400),
            (b"a\rb".to_vec(), 400),
            (long.into_bytes(), 200),
        ] {
            let mut bytes =
                b"GET /%0d%0a%1b\\x0a HTTP/1.1\r\nhost: a\r\nconnection: close\r\nuser-agent: "
                    .to_vec();
            bytes.extend([&field[..], b"\r\n\r\n"].concat());
            hear(send(address, &bytes));
            let line = lines.recv().unwrap();
            assert!(line.is_ascii() && !line.contains(char::is_control), "{line}");
            let entry: serde_json::Value = serde_json::from_str(&line).unwrap();
            assert_eq!(entry["status"], status, "{line}");
            if status == 200 {
                assert_eq!(entry["user_agent"], String::from_utf8(field).unwrap());
                assert_eq!(entry["target"], "/%0d%0a%1b\\x0a");
            }
        }
    })
    .await;
    running.stop().await;
}

/// S28: the ready-made forms write to whatever can be written to.
#[tokio::test(flavor = "multi_thread")]
async fn a_log_is_written_to_a_file() {
    let folder = super::Folder::new("log");
    let path = folder.path("access.log");
    let file = std::fs::File::create(&path).unwrap();
    let (running, address) = serve(config(|c| c.access_log = Some(access::common(file)))).await;
    away(move || ask(TcpStream::connect(address).unwrap(), "/a")).await;
    running.stop().await;
    let log = std::fs::read_to_string(&path).unwrap();
    assert!(
        log.starts_with("127.0.0.1 - - [") && log.ends_with("] \"GET /a HTTP/1.1\" 200 5\n"),
        "{log}"
    );
}

/// S29, S57: behind a proxy that is trusted, handler and log are told the client; and a raw service is, too.
#[tokio::test(flavor = "multi_thread")]
async fn behind_a_proxy_the_client_is_told() {
    let (config, lines) = logged(common);
    let server = Server::bind("127.0.0.1:0").await.unwrap().with_config(config);
    let address = server.local_addr();
    let forwarded = Forwarded::by(["127.0.0.1"]).unwrap();
    let service = around(forwarded, AnyService::new(super::talk()));
    let running = Running::start(server, service);
    away(move || {
        let asked = b"GET /peer HTTP/1.1\r\nhost: a\r\nx-forwarded-for: 192.0.2.7\r\nconnection: close\r\n\r\n";
        assert!(hear(send(address, asked)).ends_with("\r\n\r\nSome(192.0.2.7)"));
        assert!(lines.recv().unwrap().starts_with("192.0.2.7 - - \"GET /peer"));
    })
    .await;
    running.stop().await;
}
