//! The load against a server of a few lines, plain and by TLS, on this thread's other half.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::thread;

use rustls::{ServerConfig, ServerConnection, StreamOwned};

use super::*;

/// Answers each request with as many zeros as it says, and closes after the eighth answer.
fn serve(stream: &mut (impl Read + Write)) {
    let mut heard = Vec::new();
    let mut answers = 0;
    let mut buffer = [0; 4096];
    while let Ok(read @ 1..) = stream.read(&mut buffer) {
        heard.extend_from_slice(&buffer[..read]);
        while let Some(end) = memchr::memmem::find(&heard, b"\r\n\r\n") {
            heard.drain(..end + 4);
            answers += 1;
            let close = if answers == 8 { "Connection: close\r\n" } else { "" };
            let answer = format!("HTTP/1.1 200 OK\r\n{close}Content-Length: 5\r\n\r\nhello");
            if stream.write_all(answer.as_bytes()).is_err() || answers == 8 {
                return;
            }
        }
    }
}

/// A server for as long as the test goes on; with TLS if there is a configuration.
fn server(tls: Option<Arc<ServerConfig>>) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        for mut stream in listener.incoming().map_while(Result::ok) {
            let tls = tls.clone();
            thread::spawn(move || match tls {
                None => serve(&mut stream),
                Some(config) => serve_by_tls(config, stream),
            });
        }
    });
    address
}

fn serve_by_tls(config: Arc<ServerConfig>, stream: TcpStream) {
    let connection = ServerConnection::new(config).unwrap();
    serve(&mut StreamOwned::new(connection, stream));
}

fn plan(address: SocketAddr) -> Plan {
    let content = Content::Exactly(b"hello");
    let plan = Plan::of(address, get("/", &[]), Expected { status: 200, content });
    Plan { connections: 3, ..plan }
}

/// Until twenty answers have come: a machine may be slow.
fn run(plan: Plan) -> Result<Tally> {
    let mut load = Load::begin(plan)?;
    let mut whole = load.run(Duration::from_millis(10))?;
    while whole.answers < 20 {
        let more = load.run(Duration::from_millis(10))?;
        whole.answers += more.answers;
        whole.received += more.received;
        whole.latency.add(&more.latency)?;
    }
    Ok(whole)
}

/// Over connections that the server closes every so often.
#[test]
fn asks_over_and_over() {
    let tally = run(plan(server(None))).unwrap();
    assert_eq!(tally.received, tally.answers * 5);
    assert!(tally.latency.len() <= tally.answers);
    assert!(tally.latency(0.5) > 0.0 && tally.latency(0.5) <= tally.latency(0.999));
}

#[test]
fn asks_several_at_once() {
    run(plan(server(None)).deep(4)).unwrap();
}

#[test]
fn is_warm_when_every_connection_had_an_answer() {
    let mut load = Load::begin(plan(server(None))).unwrap();
    load.warm_up(Duration::ZERO).unwrap();
    assert!(!load.connections.iter().any(Connection::is_new));
}

#[test]
fn closes_after_so_many_answers() {
    run(Plan { answers: Some(1), ..plan(server(None)) }).unwrap();
}

#[test]
fn asks_by_tls() {
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let certificate = made.cert.der().clone();
    let key = made.signing_key.serialize_der().try_into().unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider);
    let config = config.with_safe_default_protocol_versions().unwrap().with_no_client_auth();
    let config = config.with_single_cert(vec![certificate.clone()], key).unwrap();
    let trust = Some(Trust::in_certificate(certificate).unwrap());
    run(Plan { trust, ..plan(server(Some(Arc::new(config)))) }).unwrap();
}

#[test]
fn says_what_is_wrong() {
    let address = server(None);
    let words = |expected| {
        let error = run(Plan { expected, ..plan(address) }).unwrap_err();
        error.root_cause().to_string()
    };
    let content = Content::Exactly(b"hello");
    assert_eq!(words(Expected { status: 201, content }), "status 200, not 201: hello");
    let content = Content::Json(serde_json::json!({}));
    assert_eq!(words(Expected { status: 200, content }), "wrong content: hello");
    let content = Content::Length(6);
    assert_eq!(words(Expected { status: 200, content }), "5 bytes of content, not 6");
    let deep = run(plan(address).deep(3)).unwrap_err();
    assert_eq!(deep.root_cause().to_string(), "the server closes before 1 answers");
}
