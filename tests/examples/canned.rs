//! What one request costs the engine: a canned `GET /json` behind the server, and a client that asks for it.
//!
//! `canned serve` (or `canned app`, with the whole framework before it) prints its address and serves until somebody asks for `/stop`; `canned ask ADDRESS N` asks N
//! times, on 64 connections at a time, then stops it; `canned idle ADDRESS N` opens N connections, asks once on each, and
//! prints what the server's process (`canned idle ADDRESS N PID`) has grown by for each.

#![allow(clippy::unwrap_used, reason = "a measurement that fails is none")]

use std::io::{Read, Write};
use std::net::TcpStream;

use counterpart::http::header;
use counterpart::prelude::*;
use counterpart::server::Server;
use counterpart::{Fault, Service};
use tokio::sync::Notify;

/// Told when the measurement is over.
static STOP: Notify = Notify::const_new();

/// What is served: the same few bytes, made anew by the app, ready-made by the canned service.
#[derive(Serialize, Deserialize)]
struct Greeting {
    message: String,
}

#[get("/json")]
async fn json() -> Greeting {
    Greeting { message: "Hello, World!".into() }
}

#[get("/stop")]
async fn stop() -> Greeting {
    STOP.notify_one();
    json().await
}

api!(Greetings: json, stop);

struct Canned;

impl Service for Canned {
    async fn call(&self, request: Request) -> Result<Response, Fault> {
        if request.path() == "/stop" {
            STOP.notify_one();
        }
        let json = HeaderValue::from_static("application/json");
        Ok(Response::new(StatusCode::OK)
            .with_field(header::CONTENT_TYPE, json)
            .with_body(r#"{"message":"Hello, World!"}"#))
    }
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["serve"] => serve(),
        ["app"] => app(),
        ["ask", address, n] => ask(address, n.parse().unwrap()),
        ["idle", address, n, pid] => idle(address, n.parse().unwrap(), pid),
        _ => eprintln!("canned serve | ask ADDRESS N | idle ADDRESS N PID"),
    }
}

fn serve() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let server = Server::bind("127.0.0.1:0").await.unwrap();
        println!("{}", server.local_addr());
        server.serve_until(Canned, STOP.notified()).await.unwrap();
    });
}

fn app() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let bound = App::new().mount(Greetings).bind("127.0.0.1:0");
        let bound = bound.await.unwrap();
        println!("{}", bound.addr());
        bound.serve_until(STOP.notified()).await.unwrap();
    });
}

fn ask(address: &str, n: usize) {
    let mut streams: Vec<TcpStream> =
        (0..64).map(|_| TcpStream::connect(address).unwrap()).collect();
    for _ in 0..n / streams.len() {
        streams.iter_mut().for_each(|stream| say(stream, "/json"));
        streams.iter_mut().for_each(hear);
    }
    exchange(&mut streams[0], "/stop");
}

fn idle(address: &str, n: usize, pid: &str) {
    // What the first connections cost is the server's, not theirs.
    let mut streams: Vec<TcpStream> = (0..100).map(|_| open(address)).collect();
    let before = resident(pid);
    streams.extend((0..n).map(|_| open(address)));
    let grown = resident(pid).saturating_sub(before);
    println!("{} bytes a connection", grown * 1024 / n);
    exchange(&mut streams[0], "/stop");
}

fn open(address: &str) -> TcpStream {
    let mut stream = TcpStream::connect(address).unwrap();
    exchange(&mut stream, "/json");
    stream
}

fn exchange(stream: &mut TcpStream, path: &str) {
    say(stream, path);
    hear(stream);
}

fn say(stream: &mut TcpStream, path: &str) {
    let request = format!("GET {path} HTTP/1.1\r\nHost: 127.0.0.1:8080\r\n\r\n");
    stream.write_all(request.as_bytes()).unwrap();
}

fn hear(stream: &mut TcpStream) {
    let mut answer = [0; 1024];
    let mut read = 0;
    while !answer[..read].ends_with(b"}") {
        match stream.read(&mut answer[read..]).unwrap() {
            0 => panic!("the server closed"),
            n => read += n,
        }
    }
}

/// KiB of memory that a process holds.
fn resident(pid: &str) -> usize {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
    let line = status.lines().find(|line| line.starts_with("RssAnon:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}
