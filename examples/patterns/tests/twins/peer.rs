//! A server that remembers what it was asked.

use std::sync::{Arc, Mutex};

use counterpart::http::StatusCode;
use counterpart::server::Server;
use counterpart::service::from_fn;
use counterpart::{Bytes, Fields, Request, Response};
use tokio::task::JoinHandle;

/// What was asked.
#[derive(Debug, Clone)]
pub(crate) struct Seen {
    pub(crate) line: String,
    pub(crate) fields: Fields,
    pub(crate) body: Bytes,
}

/// A server on a port of its own, which is gone when this is.
pub(crate) struct Peer {
    pub(crate) url: String,
    last: Arc<Mutex<Option<Seen>>>,
    task: JoinHandle<std::io::Result<()>>,
}

impl Peer {
    /// One that gives everybody this answer.
    pub(crate) async fn new(status: StatusCode, content: &'static str) -> Self {
        let last = Arc::new(Mutex::new(None));
        let seen = last.clone();
        let service = from_fn(move |request: Request| {
            let seen = seen.clone();
            async move {
                let Request { head, body, .. } = request;
                let line = format!("{} {}", head.method, head.target.escape_ascii());
                let body = body.collect(1 << 20).await?;
                *seen.lock().unwrap() = Some(Seen { line, fields: head.into_parts().fields, body });
                Ok(Response::new(status).with_body(content))
            }
        });
        let server = Server::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", server.local_addr());
        Self { url, last, task: tokio::spawn(server.serve(service)) }
    }

    /// What it was asked last, once.
    pub(crate) fn last(&self) -> Seen {
        self.last.lock().unwrap().take().expect("it was asked")
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        self.task.abort();
    }
}
