//! Connecting: from a name to a wire, and what keeps a call to its deadline.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http_body::{Body as HttpBody, Frame, SizeHint};
use tokio::net::lookup_host;
use tokio::time::{Instant, Sleep, sleep_until, timeout};

use crate::body::{Body, BodyError, BodyErrorKind};
use crate::io::Tcp;
use crate::service::{Fault, FaultKind, Phase};

/// Connects to the first of a name's addresses that answers.
pub(super) async fn connect(authority: &str, limit: Duration) -> Result<Tcp, Fault> {
    match timeout(limit, first(authority)).await {
        Ok(Ok(wire)) => Ok(wire),
        Ok(Err(error)) => Err(Fault::new(FaultKind::Connect, format!("{authority}: {error}"))),
        Err(_) => Err(FaultKind::Timeout(Phase::Connect).into()),
    }
}

async fn first(authority: &str) -> io::Result<Tcp> {
    let (host, port) = split(authority);
    let mut last = None;
    for address in lookup_host((host, port)).await? {
        match Tcp::connect(address).await {
            Ok(wire) => return Ok(wire),
            Err(error) => last = Some(error),
        }
    }
    Err(last.unwrap_or_else(|| io::Error::new(io::ErrorKind::NotFound, "the name has no address")))
}

/// The host without brackets, and the port, which is 80 unless told.
fn split(authority: &str) -> (&str, u16) {
    let (host, port) = match authority.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') => (host, port.parse().unwrap_or(80)),
        _ => (authority, 80),
    };
    (host.trim_start_matches('[').trim_end_matches(']'), port)
}

/// A body that must be over by a deadline.
pub(super) struct Timed {
    body: Body,
    sleep: Pin<Box<Sleep>>,
    late: bool,
}

impl Timed {
    pub(super) fn new(body: Body, deadline: Instant) -> Self {
        Self { body, sleep: Box::pin(sleep_until(deadline)), late: false }
    }
}

impl HttpBody for Timed {
    type Data = Bytes;
    type Error = BodyError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BodyError>>> {
        if self.late {
            return Poll::Ready(None);
        }
        if self.sleep.as_mut().poll(cx).is_ready() {
            self.late = true;
            // What is left of it is not wanted; the connection goes with it.
            self.body = Body::empty();
            return Poll::Ready(Some(Err(BodyErrorKind::Stalled.into())));
        }
        Pin::new(&mut self.body).poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_authority_is_a_host_and_a_port() {
        assert_eq!(split("a:81"), ("a", 81));
        assert_eq!(split("a"), ("a", 80));
        assert_eq!(split("[::1]"), ("::1", 80));
        assert_eq!(split("[::1]:81"), ("::1", 81));
    }
}
