//! may_minihttp, as its examples show it: coroutines, a match of the path, the answer written into a buffer.
//!
//! It has no body that is longer than its buffer, so there is no download; and none in chunks, so no such upload.

use std::io::{self, BufRead, Read};
use std::net::TcpListener;
use std::sync::Arc;

use api::{Flags, Greeting, HELLO, Uploaded, Users};
use bytes::BufMut;
use may_minihttp::{HttpServer, HttpService, Request, Response};

#[derive(Clone)]
struct Service {
    users: Arc<Users>,
}

impl HttpService for Service {
    fn call(&mut self, request: Request, response: &mut Response) -> io::Result<()> {
        match (request.method(), request.path()) {
            ("GET", "/plaintext") => {
                response.header("Content-Type: text/plain").body(HELLO);
                Ok(())
            }
            ("GET", "/json") => json(response, &Greeting::hello()),
            ("GET", path) => self.below(path, response),
            ("POST", "/api/users") => self.create(request, response),
            ("POST", "/upload") => upload(request, response),
            _ => status(response, 404, "Not Found"),
        }
    }
}

impl Service {
    /// The paths with a parameter.
    fn below(&self, path: &str, response: &mut Response) -> io::Result<()> {
        if let Some(id) = path.strip_prefix("/api/users/") {
            let Ok(id) = id.parse() else { return status(response, 400, "Bad Request") };
            return json(response, &self.users.read(id));
        }
        if path.starts_with("/download/") {
            return status(response, 501, "Not Implemented");
        }
        status(response, 404, "Not Found")
    }

    fn create(&self, request: Request, response: &mut Response) -> io::Result<()> {
        let mut content = Vec::new();
        request.body().read_to_end(&mut content)?;
        let Ok(new) = serde_json::from_slice(&content) else {
            return status(response, 400, "Bad Request");
        };
        response.status_code(201, "Created");
        json(response, &self.users.create(new))
    }
}

fn upload(request: Request, response: &mut Response) -> io::Result<()> {
    let (mut content, mut bytes) = (request.body(), 0);
    loop {
        let piece = content.fill_buf()?.len();
        if piece == 0 {
            break;
        }
        content.consume(piece);
        bytes += piece as u64;
    }
    drop(content);
    json(response, &Uploaded { bytes })
}

fn json(response: &mut Response, value: &impl serde::Serialize) -> io::Result<()> {
    response.header("Content-Type: application/json");
    Ok(serde_json::to_writer(response.body_mut().writer(), value)?)
}

fn status(response: &mut Response, code: usize, reason: &'static str) -> io::Result<()> {
    response.status_code(code, reason);
    Ok(())
}

fn main() -> io::Result<()> {
    let flags = Flags::read();
    flags.without_router();
    flags.without_tls();
    may::config().set_workers(flags.workers).set_pool_capacity(1000).set_stack_size(0x2000);
    // It does not tell which port it was given.
    let address = TcpListener::bind(flags.address())?.local_addr()?;
    let server = HttpServer(Service { users: Arc::new(Users::default()) }).start(address)?;
    flags.announce(address);
    server.join().map_err(|_| io::Error::other("the server panicked"))
}
