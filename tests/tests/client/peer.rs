//! A server that remembers what it was asked.

use std::sync::{Arc, Mutex};

use bytes::Bytes;
use counterpart::http::{HeaderName, HeaderValue, StatusCode};
use counterpart::server::Server;
use counterpart::service::from_fn;
use counterpart::{Fields, Request, Response};
use tokio::task::JoinHandle;

/// A server on a port of its own, which is gone when this is.
pub(super) struct Peer {
    pub(super) url: String,
    seen: Arc<Mutex<Vec<Seen>>>,
    task: JoinHandle<std::io::Result<()>>,
}

/// What was asked.
#[derive(Debug, Clone)]
pub(super) struct Seen {
    pub(super) line: String,
    pub(super) fields: Fields,
    pub(super) body: Bytes,
}

impl Peer {
    /// One that answers as this function says.
    pub(super) async fn new(answer: impl Fn(&Seen) -> Response + Send + Sync + 'static) -> Self {
        Self::at("127.0.0.1:0", answer).await
    }

    /// The same, at an address.
    pub(super) async fn at(
        address: &str,
        answer: impl Fn(&Seen) -> Response + Send + Sync + 'static,
    ) -> Self {
        let (seen, answer) = (Arc::new(Mutex::new(Vec::new())), Arc::new(answer));
        let log = seen.clone();
        let service = from_fn(move |request: Request| {
            let (log, answer) = (log.clone(), answer.clone());
            async move {
                let line =
                    format!("{} {}", request.head.method, request.head.target.escape_ascii());
                let body = request.body.collect(1 << 20).await?;
                let seen = Seen { line, fields: request.head.into_parts().fields, body };
                let response = answer(&seen);
                log.lock().unwrap().push(seen);
                Ok(response)
            }
        });
        let server = Server::bind(address).await.unwrap();
        let url = format!("http://{}", server.local_addr());
        Self { url, seen, task: tokio::spawn(server.serve(service)) }
    }

    /// All that it was asked.
    pub(super) fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap().clone()
    }

    /// The last of it.
    pub(super) fn last(&self) -> Seen {
        self.seen().pop().unwrap()
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        self.task.abort();
    }
}

pub(super) fn ok(body: impl Into<counterpart::Body>) -> Response {
    Response::new(StatusCode::OK).with_body(body)
}

pub(super) fn field(name: &'static str, value: &str) -> (HeaderName, HeaderValue) {
    (HeaderName::from_static(name), HeaderValue::from_str(value).unwrap())
}

/// An answer of this status that leads there.
pub(super) fn to(status: u16, location: impl AsRef<[u8]>) -> Response {
    let location = HeaderValue::from_bytes(location.as_ref()).unwrap();
    Response::new(StatusCode::from_u16(status).unwrap())
        .with_field(HeaderName::from_static("location"), location)
}
