//! The race of addresses (RFC 8305): the next is called when the last has not answered for a moment, or has failed, and
//! who answers first has won.

use std::future::poll_fn;
use std::io;
use std::net::SocketAddr;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::net::{TcpSocket, lookup_host};
use tokio::time::timeout;

use super::{Dial, Failures, Whom, unreached};
use crate::client::Origin;
use crate::drive::exchange::Terms;
use crate::drive::trace::Trace;
use crate::io::Tcp;
use crate::service::{BoxFuture, Fault, FaultKind, Phase};

impl Dial {
    /// Connects to the first of an origin's addresses that answers.
    pub(in crate::client) async fn connect(
        &self,
        origin: &Origin,
        whom: Whom,
        terms: &Terms,
    ) -> Result<Tcp, Fault> {
        let finding = timeout(terms.timeouts.resolve, self.find(origin));
        let Ok(found) = finding.await else {
            return Err(Fault::new(FaultKind::Timeout(Phase::Resolve), origin.host()));
        };
        let addresses = self.choose(origin, whom, found)?;
        terms.trace.note(|| format!("{} is {}", origin.host(), listed(&addresses)));
        let mut race = Race::new(self, addresses, &terms.trace);
        let won = timeout(terms.timeouts.connect, race.won()).await;
        match won {
            Ok(Some(wire)) => Ok(wire),
            Ok(None) => Err(race.lost(origin)),
            Err(_) => {
                let tried = format!("{origin}: {}", race.given_up());
                Err(Fault::new(FaultKind::Timeout(Phase::Connect), tried))
            }
        }
    }

    async fn find(&self, origin: &Origin) -> io::Result<Vec<SocketAddr>> {
        let (host, port) = (origin.host(), origin.port());
        if let Some(known) = self.names.known(host, port) {
            return Ok(known);
        }
        match &self.names.resolve {
            Some(resolve) => resolve(host.to_owned(), port).await,
            None => Ok(lookup_host((host, port)).await?.collect()),
        }
    }

    fn begin(&self, to: SocketAddr) -> BoxFuture<'static, io::Result<Tcp>> {
        let socket = self.socket(to).and_then(|socket| {
            socket.set_nonblocking(true)?;
            Ok(TcpSocket::from_std_stream(socket.into()))
        });
        Box::pin(async move { Ok(Tcp::of_tuned(socket?.connect(to).await?, to)) })
    }
}

fn listed(addresses: &[SocketAddr]) -> String {
    let all: Vec<_> = addresses.iter().map(|to| to.ip().to_string()).collect();
    all.join(", ")
}

struct Race<'d> {
    dial: &'d Dial,
    trace: &'d Trace,
    waiting: std::vec::IntoIter<SocketAddr>,
    running: Vec<(SocketAddr, BoxFuture<'static, io::Result<Tcp>>)>,
    failed: Failures,
    /// One of them took the connection and closed it.
    was_reset: bool,
}

impl<'d> Race<'d> {
    fn new(dial: &'d Dial, addresses: Vec<SocketAddr>, trace: &'d Trace) -> Self {
        let waiting = addresses.into_iter();
        Self {
            dial,
            trace,
            waiting,
            running: Vec::new(),
            failed: Failures::default(),
            was_reset: false,
        }
    }

    /// The first connection; none if all have failed.
    async fn won(&mut self) -> Option<Tcp> {
        loop {
            if let Some(to) = self.waiting.next() {
                self.running.push((to, self.dial.begin(to)));
            }
            if self.running.is_empty() {
                return None;
            }
            let moment = if self.waiting.len() == 0 { Duration::MAX } else { DELAY };
            if let Ok(Some(wire)) = timeout(moment, poll_fn(|cx| self.poll(cx))).await {
                return Some(wire);
            }
        }
    }

    /// Ready with a connection, or with none when one of them has failed.
    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Option<Tcp>> {
        for (index, (to, connecting)) in self.running.iter_mut().enumerate() {
            let to = *to;
            match connecting.as_mut().poll(cx) {
                Poll::Pending => {}
                Poll::Ready(Ok(wire)) => {
                    self.trace.note(|| format!("connected to {to}"));
                    return Poll::Ready(Some(wire));
                }
                Poll::Ready(Err(error)) => {
                    drop(self.running.remove(index));
                    self.trace.note(|| format!("no connection to {to}: {error}"));
                    self.was_reset |= error.kind() == io::ErrorKind::ConnectionReset;
                    self.failed.add(to, error);
                    return Poll::Ready(None);
                }
            }
        }
        Poll::Pending
    }

    /// That all have failed.
    fn lost(&self, origin: &Origin) -> Fault {
        match self.was_reset {
            false => unreached(origin, &self.failed),
            true => {
                let said = format!("{origin}: {}", self.failed);
                Fault::new(FaultKind::Connect, io::Error::new(io::ErrorKind::ConnectionReset, said))
            }
        }
    }

    /// What came of each, when there is no more time.
    fn given_up(mut self) -> Failures {
        self.running.iter().for_each(|(to, _)| self.failed.add(*to, "no answer"));
        self.failed
    }
}

/// How long an address has before the next one is called as well (RFC 8305 §5).
const DELAY: Duration = Duration::from_millis(250);
