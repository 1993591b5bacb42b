//! Access: what became of each request, for a log.
//!
//! Where no log is wanted there is no `Journal`, and nothing is copied or timed.

use std::fmt;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use http::{Extensions, StatusCode};

use crate::message::PeerAddr;
use crate::text::RequestHead;

/// Takes note of each request that was answered, refused or given up: [`Config::access_log`].
///
/// It is called in the task of the connection, so it should not wait. A closure is one too.
///
/// [`Config::access_log`]: super::config::Config::access_log
///
/// ```
/// use std::sync::Arc;
/// use counterpart::server::{Config, access::Entry};
///
/// let mut config = Config::default();
/// config.access_log = Some(Arc::new(|entry: &Entry<'_>| {
///     if entry.status.is_some_and(|status| status.is_server_error()) {
///         eprintln!("{}", entry.common());
///     }
/// }));
/// ```
pub trait AccessLog: Send + Sync + 'static {
    /// Notes one request, once.
    fn log(&self, entry: &Entry<'_>);
}

impl<F: Fn(&Entry<'_>) + Send + Sync + 'static> AccessLog for F {
    fn log(&self, entry: &Entry<'_>) {
        self(entry);
    }
}

impl fmt::Debug for dyn AccessLog {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AccessLog")
    }
}

/// One request and what became of it.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct Entry<'a> {
    /// Who sent it; nobody that is known, over a Unix socket. Behind proxies, what `Forwarded` found.
    pub peer: Option<SocketAddr>,
    /// When its head had come.
    pub time: SystemTime,
    /// Its head; none if what came was never a request, such as one that was refused with 400, 408 or 431.
    pub head: Option<&'a RequestHead>,
    /// The status of its answer; none if it got none, mostly as the peer had gone.
    pub status: Option<StatusCode>,
    /// Bytes of the answer's content that were given to the connection, without what frames them.
    pub bytes: u64,
    /// From its head to the last byte of its answer, as far as the operating system took them.
    pub duration: Duration,
    /// Whether the whole answer was written.
    pub complete: bool,
}

impl<'a> Entry<'a> {
    /// A field of the request.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&'a [u8]> {
        self.head.and_then(|head| head.fields.get(name))
    }
}

/// The records of one connection. What is left in it when it goes did not come to its end.
pub(super) struct Journal {
    log: Arc<dyn AccessLog>,
    peer: Option<SocketAddr>,
    /// The request that is being answered.
    current: Option<Record>,
    /// Those whose answers wait to be written.
    answered: Vec<Record>,
}

struct Record {
    peer: Option<SocketAddr>,
    time: SystemTime,
    begun: Instant,
    head: Option<RequestHead>,
    status: Option<StatusCode>,
    bytes: u64,
}

impl Journal {
    pub(super) fn new(log: Arc<dyn AccessLog>, peer: Option<SocketAddr>) -> Box<Self> {
        Box::new(Self { log, peer, current: None, answered: Vec::new() })
    }

    /// A request has come.
    pub(super) fn begins(&mut self, head: &RequestHead) {
        self.current = Some(Record { head: Some(head.clone()), ..self.record() });
    }

    /// Something is answered that may never have been a request.
    pub(super) fn refuses(&mut self) {
        if self.current.is_none() {
            self.current = Some(self.record());
        }
    }

    /// Its answer has begun.
    pub(super) fn answers(&mut self, status: StatusCode, extensions: &Extensions) {
        if let Some(record) = &mut self.current {
            record.status = Some(status);
            if let Some(PeerAddr(peer)) = extensions.get() {
                record.peer = Some(*peer);
            }
        }
    }

    /// So much of its content has been given to the connection.
    pub(super) fn sends(&mut self, bytes: usize) {
        if let Some(record) = &mut self.current {
            record.bytes += bytes as u64;
        }
    }

    /// All of it has.
    pub(super) fn ends(&mut self) {
        self.answered.extend(self.current.take());
    }

    /// All that had been given was written.
    pub(super) fn writes(&mut self) {
        let Self { log, answered, .. } = self;
        answered.drain(..).for_each(|record| record.log(&**log, true));
    }

    fn record(&self) -> Record {
        Record {
            peer: self.peer,
            time: SystemTime::now(),
            begun: Instant::now(),
            head: None,
            status: None,
            bytes: 0,
        }
    }
}

impl Drop for Journal {
    fn drop(&mut self) {
        self.ends();
        self.answered.iter().for_each(|record| record.log(&*self.log, false));
    }
}

impl Record {
    fn log(&self, log: &dyn AccessLog, complete: bool) {
        log.log(&Entry {
            peer: self.peer,
            time: self.time,
            head: self.head.as_ref(),
            status: self.status,
            bytes: self.bytes,
            duration: self.begun.elapsed(),
            complete,
        });
    }
}
