//! A handler by hand, as Python's `BaseHTTPRequestHandler`: what it is spared and what it can say.

use std::io::{Read, Write};
use std::net::TcpStream;

use counterpart::http::{HeaderValue, Method, StatusCode, header};
use counterpart::prelude::*;
use counterpart::server::Server;
use counterpart::service::from_fn;
use counterpart::{Problem, Response, Service};

use super::{Running, away};

/// Knows GET and POST; panics, closes and answers with other codes where it is told to.
fn handler() -> impl Service {
    from_fn(async |request: Request| {
        let ok = Response::new(StatusCode::OK);
        Ok(match (&request.head.method, request.path()) {
            (_, "/panic") => panic!("on purpose"),
            (_, "/close") => ok.with_field(header::CONNECTION, HeaderValue::from_static("close")),
            (_, "/odd") => Response::new(StatusCode::from_u16(799).unwrap()),
            (&Method::GET | &Method::POST, path) => ok.with_body(path.to_owned()),
            _ => Problem::new(StatusCode::NOT_IMPLEMENTED).into_response(),
        })
    })
}

/// The answers to some requests on one connection.
async fn answers(said: &'static [u8]) -> String {
    let server = Server::bind("127.0.0.1:0").await.unwrap();
    let address = server.local_addr();
    let running = Running::start(server, handler());
    let heard = away(move || {
        let mut stream = TcpStream::connect(address).unwrap();
        stream.write_all(said).unwrap();
        stream.shutdown(std::net::Shutdown::Write).unwrap();
        let mut heard = String::new();
        stream.read_to_string(&mut heard).unwrap();
        heard
    });
    let heard = heard.await;
    running.stop().await;
    heard
}

/// S2: a peer that is silent keeps nobody waiting.
#[tokio::test]
async fn all_are_served_at_a_time() {
    let server = Server::bind("127.0.0.1:0").await.unwrap();
    let address = server.local_addr();
    let running = Running::start(server, handler());
    away(move || {
        let _silent: Vec<_> = (0..10).map(|_| TcpStream::connect(address).unwrap()).collect();
        assert!(super::ask(TcpStream::connect(address).unwrap(), "/a").ends_with("/a"));
    })
    .await;
    running.stop().await;
}

/// S4, T70: a panic is answered, and the connection goes on.
#[tokio::test]
async fn a_panic_is_answered_and_the_connection_kept() {
    let heard =
        answers(b"GET /panic HTTP/1.1\r\nhost: a\r\n\r\nGET /next HTTP/1.1\r\nhost: a\r\n\r\n");
    let heard = heard.await;
    assert!(heard.starts_with("HTTP/1.1 500 Internal Server Error\r\n"), "{heard}");
    assert!(heard.contains("HTTP/1.1 200 OK\r\n") && heard.ends_with("/next"), "{heard}");
}

/// S5: a method is any token, compared by case; what the handler does not know, it says.
#[tokio::test]
async fn unknown_methods_are_the_handlers_to_refuse() {
    let heard = answers(b"get /a HTTP/1.1\r\nhost: a\r\n\r\nBREW /a HTTP/1.1\r\nhost: a\r\n\r\n");
    assert_eq!(heard.await.matches("HTTP/1.1 501 Not Implemented\r\n").count(), 2);
}

/// S15: old clients are kept if they ask for it.
#[tokio::test]
async fn version_one_zero_is_kept_on_request() {
    let heard = answers(
        b"GET /a HTTP/1.0\r\nconnection: Keep-Alive\r\n\r\nGET /b HTTP/1.0\r\n\r\nGET /c HTTP/1.0\r\n\r\n",
    );
    let heard = heard.await;
    assert!(heard.contains("\r\nconnection: keep-alive\r\n"), "{heard}");
    assert_eq!(heard.matches("HTTP/1.1 200 OK\r\n").count(), 2, "{heard}");
    assert!(heard.ends_with("/b"), "{heard}");
}

/// S16: a handler ends the connection by its answer.
#[tokio::test]
async fn a_handler_can_end_the_connection() {
    let heard =
        answers(b"GET /close HTTP/1.1\r\nhost: a\r\n\r\nGET /next HTTP/1.1\r\nhost: a\r\n\r\n");
    let heard = heard.await;
    assert_eq!(heard.matches("connection: close\r\n").count(), 1, "{heard}");
    assert!(!heard.contains("/next"), "{heard}");
}

/// S21, S26: any code is sent, with the date, and nothing is told of the server.
#[tokio::test]
async fn any_code_can_be_sent() {
    let heard = answers(b"GET /odd HTTP/1.1\r\nhost: a\r\n\r\n").await;
    assert!(heard.starts_with("HTTP/1.1 799 \r\n"), "{heard}");
    assert_eq!(heard.matches("\r\ndate: ").count(), 1, "{heard}");
    assert!(!heard.contains("\r\nserver: "), "{heard}");
}

/// S22, T58: no value can end its line.
#[test]
fn no_field_can_split_an_answer() {
    for value in ["a\r\nset-cookie: b", "a\nb", "a\rb", "a\0b", "\u{7f}"] {
        assert!(HeaderValue::from_str(value).is_err(), "{value:?}");
    }
}

#[get("/here")]
async fn here() {}

api!(Here: here);

/// S24, S57: how errors look is for a layer to say.
#[counterpart::test]
async fn errors_are_rendered_by_a_layer() {
    async fn as_html(request: Request, next: Next) -> Response {
        let answer = next.run(request).await;
        if answer.status.is_success() {
            return answer;
        }
        let page = format!("<h1>{}</h1>", answer.status);
        let html = HeaderValue::from_static("text/html; charset=utf-8");
        Response::new(answer.status).with_field(header::CONTENT_TYPE, html).with_body(page)
    }
    let client = HereClient::local(App::new().mount(Here).around(as_html));
    let answer = client.raw("GET", "/missing").await.unwrap();
    assert_eq!(answer.status(), StatusCode::NOT_FOUND);
    assert_eq!(answer.text(), "<h1>404 Not Found</h1>");
}
