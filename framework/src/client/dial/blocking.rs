//! Dialling for a thread that waits: the same addresses in the same order, one after the other.

use std::io;
use std::net::{SocketAddr, TcpStream, ToSocketAddrs};
use std::sync::{Arc, mpsc};
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};
use std::time::{Duration, Instant};

use super::{Dial, Failures, Whom, unreached};
use crate::client::Origin;
use crate::drive::exchange::Terms;
use crate::service::{BoxFuture, Fault, FaultKind, Phase};

impl Dial {
    /// Connects to the first of an origin's addresses that answers.
    pub(in crate::client) fn connect_blocking(
        &self,
        origin: &Origin,
        whom: Whom,
        terms: &Terms,
    ) -> Result<TcpStream, Fault> {
        let found = self.find_blocking(origin, terms.timeouts.resolve)?;
        let addresses = self.choose(origin, whom, found)?;
        let (start, limit) = (Instant::now(), terms.timeouts.connect);
        let (mut failed, mut late, most) = (Failures::default(), false, addresses.len());
        for (tried, to) in addresses.into_iter().enumerate() {
            // Each has its share of the time that is left, so that none takes it all.
            let share = limit.saturating_sub(start.elapsed()) / (most - tried) as u32;
            match self.one_blocking(to, share) {
                Ok(stream) => {
                    terms.trace.note(|| format!("connected to {to}"));
                    return Ok(stream);
                }
                Err(error) => {
                    terms.trace.note(|| format!("no connection to {to}: {error}"));
                    late |= error.kind() == io::ErrorKind::TimedOut;
                    failed.add(to, error);
                }
            }
        }
        match late {
            true => {
                let tried = format!("{origin}: {failed}");
                Err(Fault::new(FaultKind::Timeout(Phase::Connect), tried))
            }
            false => Err(unreached(origin, failed)),
        }
    }

    fn one_blocking(&self, to: SocketAddr, limit: Duration) -> io::Result<TcpStream> {
        let socket = self.socket(to)?;
        // No time at all would be an error of its own.
        socket.connect_timeout(&to.into(), limit.max(LEAST))?;
        Ok(socket.into())
    }

    /// The addresses of a host. The system looks a name up for as long as it likes, so another thread waits for that.
    fn find_blocking(
        &self,
        origin: &Origin,
        limit: Duration,
    ) -> Result<io::Result<Vec<SocketAddr>>, Fault> {
        let (host, port) = (origin.host().to_owned(), origin.port());
        if let Some(known) = self.names.known(&host, port) {
            return Ok(Ok(known));
        }
        let (found, finding) = mpsc::channel();
        let resolve = self.names.resolve.clone();
        let asking = thread::Builder::new().name("lookup".to_owned()).spawn(move || {
            let all = match resolve {
                Some(resolve) => wait_for(resolve(host, port)),
                None => (host.as_str(), port).to_socket_addrs().map(Iterator::collect),
            };
            // Nobody may be left to hear it.
            let _ = found.send(all);
        });
        asking.map_err(|error| unreached(origin, error))?;
        finding.recv_timeout(limit).map_err(|error| match error {
            mpsc::RecvTimeoutError::Timeout => {
                Fault::new(FaultKind::Timeout(Phase::Resolve), origin.host())
            }
            mpsc::RecvTimeoutError::Disconnected => unreached(origin, "the resolver panicked"),
        })
    }
}

/// Wakes the thread that waits.
struct Unpark(Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

fn wait_for<T>(mut future: BoxFuture<'static, T>) -> T {
    let waker = Waker::from(Arc::new(Unpark(thread::current())));
    loop {
        if let Poll::Ready(done) = future.as_mut().poll(&mut Context::from_waker(&waker)) {
            return done;
        }
        thread::park();
    }
}

/// The shortest time that a socket can be told.
const LEAST: Duration = Duration::from_millis(1);
