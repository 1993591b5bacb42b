//! Accepting: connections in, and what becomes of those there is no place for.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use http::{HeaderValue, StatusCode, header};
use tokio::net::TcpListener;

use super::Config;
use crate::drive::h1_server::{House, serve};
use crate::io::Tcp;
use crate::message::{Request, Response};
use crate::problem::{Problem, code};
use crate::service::{Fault, Service};

/// Takes connections from a listener and serves them, each as a task of its own.
pub(super) struct Acceptor<S> {
    listener: TcpListener,
    service: Arc<S>,
    house: Arc<House>,
    /// Where connections without a place are answered.
    porch: Arc<House>,
}

impl<S: Service> Acceptor<S> {
    pub(super) fn new(listener: TcpListener, service: Arc<S>, house: Arc<House>) -> Self {
        let short = Config {
            first_byte: PATIENCE,
            head: PATIENCE,
            write_stall: PATIENCE,
            connections: REFUSALS,
            ..house.config().clone()
        };
        Self { listener, service, house, porch: House::new(short) }
    }

    /// Accepts for ever; dropped, it lets the listener and those without a place go.
    pub(super) async fn run(self) {
        loop {
            match self.listener.accept().await {
                Ok((stream, peer)) => self.admit(Tcp::new(stream, peer)).await,
                Err(error) if is_of_one_connection(&error) => {}
                Err(error) => {
                    // No more files, mostly: connections that end give theirs back.
                    tracing::error!(target: "counterpart", "cannot accept: {error}");
                    self.house.crowd.dismiss_one();
                    tokio::time::sleep(BACK_OFF).await;
                }
            }
        }
    }

    async fn admit(&self, wire: Tcp) {
        if self.has_place().await {
            tokio::spawn(serve(self.service.clone(), wire, self.house.clone()));
        } else if self.porch.crowd.count() < REFUSALS {
            tokio::spawn(serve(Arc::new(Full), wire, self.porch.clone()));
        }
    }

    /// Whether there is a place, or one could be made: an idle connection goes at once.
    async fn has_place(&self) -> bool {
        let (crowd, most) = (&self.house.crowd, self.house.config().connections);
        while crowd.count() >= most {
            if !crowd.dismiss_one() {
                return false;
            }
            // It may have got a request at this very moment, and stay; then it is the turn of the next.
            let left = std::future::poll_fn(|cx| crowd.poll_fewer(most, cx));
            let _ = tokio::time::timeout(PARTING, left).await;
        }
        true
    }
}

impl<S> Drop for Acceptor<S> {
    fn drop(&mut self) {
        self.porch.crowd.stop();
    }
}

/// Answers everything with 503, and closes.
struct Full;

impl Service for Full {
    async fn call(&self, _: Request) -> Result<Response, Fault> {
        let problem = Problem::new(StatusCode::SERVICE_UNAVAILABLE).code(code::UNAVAILABLE);
        Ok(problem
            .detail("the server has as many connections as it can serve")
            .with_field(header::RETRY_AFTER, HeaderValue::from_static("1"))
            .with_field(header::CONNECTION, HeaderValue::from_static("close"))
            .into_response())
    }
}

/// Whether only the connection that was to be accepted is gone.
fn is_of_one_connection(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::ConnectionAborted
            | io::ErrorKind::ConnectionReset
            | io::ErrorKind::ConnectionRefused
            | io::ErrorKind::Interrupted
    )
}

/// How long accepting pauses when the operating system has no more to give.
const BACK_OFF: Duration = Duration::from_millis(200);
/// How long a connection that was told to go may take.
const PARTING: Duration = Duration::from_millis(100);
/// How long one that is refused may take to hear it.
const PATIENCE: Duration = Duration::from_secs(2);
/// How many are refused with words at a time; more are only closed.
const REFUSALS: usize = 128;
