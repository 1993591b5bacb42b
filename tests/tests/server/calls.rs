//! The client: kept connections, repeats, deadlines, and servers that misbehave.

use std::time::Duration;

use counterpart::client::Client;
use counterpart::http::{Method, StatusCode};
use counterpart::service::{Deadline, FaultKind, Phase};
use counterpart::{Body, Fault, Request, Response, Service};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use super::house::Served;

/// A server that says what it is told, whatever is asked.
struct Script {
    listener: TcpListener,
    client: Client,
}

impl Script {
    async fn new() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let client = Client::new(&format!("http://{}", listener.local_addr().unwrap())).unwrap();
        Self { listener, client }
    }

    fn call(&self, request: Request) -> tokio::task::JoinHandle<Result<Response, Fault>> {
        let client = self.client.clone();
        tokio::spawn(async move { client.call(request).await })
    }

    fn get(&self) -> tokio::task::JoinHandle<Result<Response, Fault>> {
        self.call(Request::new(Method::GET, "/"))
    }

    async fn accept(&self) -> TcpStream {
        self.listener.accept().await.unwrap().0
    }
}

/// Reads a head, and gives it.
async fn head(stream: &mut TcpStream) -> String {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await.unwrap());
    }
    String::from_utf8(head).unwrap()
}

const HI: &[u8] = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nhi";

async fn text(response: Response) -> String {
    String::from_utf8(response.body.collect(1 << 20).await.unwrap().to_vec()).unwrap()
}

#[tokio::test]
async fn what_is_sent() {
    let script = Script::new().await;
    let call = script.call(Request::new(Method::POST, "/a?b").with_body("xyz"));
    let mut stream = script.accept().await;
    let host = script.listener.local_addr().unwrap();
    assert_eq!(
        head(&mut stream).await,
        format!("POST /a?b HTTP/1.1\r\nhost: {host}\r\ncontent-length: 3\r\n\r\n")
    );
    stream.write_all(HI).await.unwrap();
    assert_eq!(text(call.await.unwrap().unwrap()).await, "hi");
}

#[tokio::test]
async fn a_whole_url_goes_where_it_says() {
    let script = Script::new().await;
    let elsewhere = Client::new("http://127.0.0.1:1").unwrap();
    let url = format!("http://{}?q", script.listener.local_addr().unwrap());
    let call = tokio::spawn(async move { elsewhere.call(Request::new(Method::GET, url)).await });
    let mut stream = script.accept().await;
    assert!(head(&mut stream).await.starts_with("GET /?q HTTP/1.1\r\n"));
    stream.write_all(HI).await.unwrap();
    assert_eq!(text(call.await.unwrap().unwrap()).await, "hi");
}

#[tokio::test]
async fn a_connection_serves_many_calls() {
    let script = Script::new().await;
    let mut call = script.get();
    let mut stream = script.accept().await;
    for _ in 0..3 {
        head(&mut stream).await;
        stream.write_all(HI).await.unwrap();
        assert_eq!(text(call.await.unwrap().unwrap()).await, "hi");
        call = script.get();
    }
    head(&mut stream).await;
    call.abort();
}

#[tokio::test]
async fn a_kept_connection_that_was_closed_is_replaced_if_that_does_no_harm() {
    for (method, again) in [(Method::GET, true), (Method::POST, false)] {
        let script = Script::new().await;
        let call = script.get();
        let mut stream = script.accept().await;
        head(&mut stream).await;
        stream.write_all(HI).await.unwrap();
        assert_eq!(text(call.await.unwrap().unwrap()).await, "hi");
        // The server closes while the next request is on its way.
        let call = script.call(Request::new(method, "/"));
        head(&mut stream).await;
        drop(stream);
        if again {
            let mut stream = script.accept().await;
            head(&mut stream).await;
            stream.write_all(HI).await.unwrap();
            assert_eq!(text(call.await.unwrap().unwrap()).await, "hi");
        } else {
            let fault = call.await.unwrap().unwrap_err();
            assert_eq!(fault.kind(), FaultKind::Disconnected { reused: true });
        }
    }
}

#[tokio::test]
async fn an_answer_that_breaks_off_is_incomplete() {
    let script = Script::new().await;
    let call = script.get();
    let mut stream = script.accept().await;
    head(&mut stream).await;
    stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhalf").await.unwrap();
    let response = call.await.unwrap().unwrap();
    drop(stream);
    let error = response.body.collect(99).await.unwrap_err();
    assert_eq!(error.to_string(), "incomplete body: 4 bytes read, 5 more expected");
}

#[tokio::test]
async fn an_early_answer_is_heard_and_its_connection_is_not_kept() {
    let script = Script::new().await;
    let (inlet, body) = Body::fed(Some(1000));
    let call = script.call(Request::new(Method::POST, "/").with_body(body));
    let mut stream = script.accept().await;
    head(&mut stream).await;
    stream.write_all(b"HTTP/1.1 413 Too Large\r\ncontent-length: 2\r\n\r\nno").await.unwrap();
    let response = call.await.unwrap().unwrap();
    assert_eq!(response.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(text(response).await, "no");
    assert_eq!(stream.read(&mut [0]).await.unwrap(), 0);
    drop(inlet);
}

#[tokio::test]
async fn a_body_that_is_dropped_closes_its_connection() {
    let script = Script::new().await;
    let call = script.get();
    let mut stream = script.accept().await;
    head(&mut stream).await;
    stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhalf").await.unwrap();
    drop(call.await.unwrap().unwrap());
    assert_eq!(stream.read(&mut [0]).await.unwrap(), 0);
}

#[tokio::test]
async fn a_deadline_is_for_the_whole_call() {
    let short = Deadline(Duration::from_millis(60));
    let script = Script::new().await;
    let mut request = Request::new(Method::GET, "/");
    request.extensions.insert(short);
    let call = script.call(request);
    let _silent = script.accept().await;
    let fault = call.await.unwrap().unwrap_err();
    assert_eq!(fault.kind(), FaultKind::Timeout(Phase::Total));

    let mut request = Request::new(Method::GET, "/");
    // Long enough for the head, however busy the machine.
    request.extensions.insert(Deadline(Duration::from_secs(1)));
    let call = script.call(request);
    let mut stream = script.accept().await;
    head(&mut stream).await;
    stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhalf").await.unwrap();
    let error = call.await.unwrap().unwrap().body.collect(99).await.unwrap_err();
    assert!(Fault::from(error).is_timeout());
}

#[tokio::test]
async fn nobody_there_is_a_fault_of_connecting() {
    let script = Script::new().await;
    let Script { listener, client } = script;
    drop(listener);
    let fault = client.call(Request::new(Method::GET, "/")).await.unwrap_err();
    assert!(fault.is_connect(), "{fault:?}");
}

#[tokio::test]
async fn calls_side_by_side_have_a_connection_each() {
    let served = Served::new().await;
    let client = Client::new(&format!("http://{}", served.address)).unwrap();
    let calls: Vec<_> = (0..20)
        .map(|_| {
            let client = client.clone();
            tokio::spawn(async move {
                for _ in 0..20 {
                    let response = client.call(Request::new(Method::GET, "/hello")).await.unwrap();
                    assert_eq!(text(response).await, "hello");
                }
            })
        })
        .collect();
    for call in calls {
        call.await.unwrap();
    }
    drop(client);
    served.stopped().await;
}
