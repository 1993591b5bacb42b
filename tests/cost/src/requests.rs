//! The server's paths: an app behind sockets, asked by a peer on the same thread.

use std::net::TcpStream;

use tokio::runtime::Builder;
use tokio::task::yield_now;

use crate::api::app;
use crate::peer::{CONNECTIONS, connect, hear, speak};

pub const JSON: &str = "GET /json HTTP/1.1\r\nHost: 127.0.0.1:8080\r\n\r\n";

pub const USER: &str = "GET /api/users/7 HTTP/1.1\r\nHost: 127.0.0.1:8080\r\n\r\n";

pub const POST: &str = "POST /api/users HTTP/1.1\r\nHost: 127.0.0.1:8080\r\nContent-Type: application/json\r\n\
    Content-Length: 58\r\n\r\n{\"name\":\"Ada Lovelace\",\"email\":\"ada@example.org\",\"age\":36}";

pub const MISSED: &str = "GET /api/nobody HTTP/1.1\r\nHost: 127.0.0.1:8080\r\n\r\n";

/// What Chrome sends for a page: fourteen fields.
pub const BROWSER: &str = "GET /json HTTP/1.1\r\n\
    Host: 127.0.0.1:8080\r\n\
    Connection: keep-alive\r\n\
    sec-ch-ua: \"Chromium\";v=\"142\", \"Google Chrome\";v=\"142\", \"Not_A Brand\";v=\"99\"\r\n\
    sec-ch-ua-mobile: ?0\r\n\
    sec-ch-ua-platform: \"Linux\"\r\n\
    Upgrade-Insecure-Requests: 1\r\n\
    User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36\r\n\
    Accept: text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,image/apng,*/*;q=0.8,application/signed-exchange;v=b3;q=0.7\r\n\
    Sec-Fetch-Site: none\r\n\
    Sec-Fetch-Mode: navigate\r\n\
    Sec-Fetch-User: ?1\r\n\
    Sec-Fetch-Dest: document\r\n\
    Accept-Encoding: gzip, deflate, br, zstd\r\n\
    Accept-Language: en-GB,en;q=0.9\r\n\
    \r\n";

/// Answers so many requests, on [`CONNECTIONS`] at a time, of which each asks for `depth` at once.
pub fn serve(request: &str, depth: usize, n: usize) {
    let runtime = Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let bound = app().bind("127.0.0.1:0").await.unwrap();
        let mut streams = connect(bound.addr());
        tokio::spawn(bound.serve_until(std::future::pending()));
        let requests = request.repeat(depth);
        for _ in 0..n / CONNECTIONS / depth {
            turn(&mut streams, &requests, depth).await;
        }
    });
}

/// Every answer is a JSON object without another in it, so its last byte is the only one of that kind.
async fn turn(streams: &mut [TcpStream], requests: &str, depth: usize) {
    let mut due = [depth; CONNECTIONS];
    speak(streams, requests.as_bytes());
    while !hear(streams, &mut due, b"}") {
        yield_now().await;
    }
}
