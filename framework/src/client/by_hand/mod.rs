//! What both connections by hand are made of, the one with a runtime and the one without: each of their methods
//! polls one of these until it is ready.
//!
//! Here: what goes without saying in a request, what becomes of an unread answer, when a connection is closed.
//! Not here: the exchange itself (`drive`), who waits, and how (`connection`, `blocking`).
//! Read in this order: this file, `writing`, `reading`.

mod reading;
mod writing;

use std::fmt;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use http::{Extensions, HeaderValue, Method, Version, header};

use super::connector::Connector;
use super::origin::{NOWHERE, Origin};
#[cfg(feature = "client")]
use super::proxy::Proxy;
use crate::drive::exchange::{CallTerms, Exchange, Piece, Terms};
use crate::drive::patience::Alarm;
use crate::message::target_mistake;
use crate::proto::h1::{Length, Limits};
use crate::service::{Fault, FaultKind};
use crate::text::{RequestHead, RequestParts, ResponseHead};
use crate::wire::Wire;

pub(super) use reading::Reading;
pub(super) use writing::Writing;

/// One wire, and how requests on it are made.
pub(super) struct ByHand<W, A: Alarm> {
    /// Gone when the connection is closed.
    exchange: Option<Exchange<W, A>>,
    terms: Arc<Terms>,
    /// What requests get that have no `Host` of their own.
    host: Option<HeaderValue>,
    origin: Arc<str>,
    /// The proxy that passes requests on, and whom they are for.
    #[cfg(feature = "client")]
    forward: Option<(Arc<Proxy>, Origin)>,
    /// Bytes of an unread answer that were read away.
    drained: usize,
}

/// What is remembered of a request for as long as its answer is read.
#[derive(Debug, Clone)]
pub(super) struct Called {
    method: Method,
    target: Bytes,
    origin: Arc<str>,
}

impl Called {
    pub(super) fn url(&self) -> String {
        let target = self.target.escape_ascii();
        match self.target.first() {
            Some(b'/') => format!("{}{target}", self.origin),
            _ if self.method == Method::CONNECT || *self.target == *b"*" => self.origin.to_string(),
            _ => target.to_string(),
        }
    }

    fn fault(&self, fault: Fault) -> Fault {
        fault.in_call(&self.method, &self.url())
    }
}

impl<W: Wire, A: Alarm> ByHand<W, A> {
    pub(super) fn new(wire: W, connector: &Connector, origin: Option<&Origin>) -> Self {
        let limits = connector.limits.clone().unwrap_or_else(|| Arc::new(Limits::client()));
        let named = origin.map_or_else(|| NOWHERE.to_owned(), Origin::named);
        let host = if connector.without_host { None } else { HeaderValue::try_from(&named).ok() };
        Self {
            exchange: Some(Exchange::new(wire, limits)),
            terms: connector.terms.clone(),
            host,
            origin: origin.map_or_else(|| format!("http://{NOWHERE}"), ToString::to_string).into(),
            #[cfg(feature = "client")]
            forward: origin.and_then(|origin| connector.forward_to(origin)),
            drained: 0,
        }
    }

    pub(super) fn close(&mut self) {
        self.exchange = None;
    }

    pub(super) const fn is_open(&self) -> bool {
        self.exchange.is_some()
    }

    pub(super) fn keeps(&self) -> bool {
        self.exchange.as_ref().is_some_and(Exchange::keeps)
    }

    pub(super) fn exchange(&mut self) -> Result<&mut Exchange<W, A>, Fault> {
        self.exchange.as_mut().ok_or_else(|| FaultKind::NotConnected.into())
    }

    /// Ready when a request can be sent: what is left of an answer has been read away, if it is not much.
    pub(super) fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Fault>> {
        while self.exchange()?.is_answering() {
            match ready!(self.exchange()?.poll_piece(cx)) {
                Ok(Piece::Data(data)) if self.drained + data.len() <= MOST_DRAINED => {
                    self.drained += data.len();
                }
                Ok(Piece::End(_)) => {}
                _ => break,
            }
        }
        self.drained = 0;
        let exchange = self.exchange()?;
        let ready = match exchange.end() {
            true => exchange.check_alive(),
            false => Err(FaultKind::NotConnected.into()),
        };
        if ready.is_err() {
            self.close();
        }
        Poll::Ready(ready)
    }

    /// Begins a request. One that cannot be sent leaves the connection as it was.
    pub(super) fn begin(
        &mut self,
        head: &mut RequestHead,
        length: Length,
        extensions: &Extensions,
    ) -> Result<Called, Fault> {
        let called = Called {
            method: head.method.clone(),
            target: head.target.clone(),
            origin: self.origin.clone(),
        };
        if let Some(mistake) = target_mistake(&head.target) {
            return Err(called.fault(Fault::new(FaultKind::InvalidRequest, mistake)));
        }
        self.complete(head);
        #[cfg(feature = "client")]
        if let Some((proxy, origin)) = &self.forward {
            proxy.forward(head, origin);
        }
        let terms = CallTerms::new(&self.terms, extensions);
        self.exchange()?.begin(head, length, &terms).map_err(|fault| called.fault(fault))?;
        Ok(called)
    }

    /// Writes the fields that go without saying: `Host` first, as RFC 9110 §7.2 would have it, and that no coding
    /// is wanted, since none would be undone.
    fn complete(&self, head: &mut RequestParts) {
        let fields = &mut head.fields;
        if head.version != Version::HTTP_10
            && !fields.contains(header::HOST)
            && let Some(host) = &self.host
        {
            let named = authority_of(&head.method, &head.target);
            let named = named.and_then(|named| HeaderValue::from_bytes(named).ok());
            fields.prepend(header::HOST, named.unwrap_or_else(|| host.clone()));
        }
        if !fields.contains(header::ACCEPT_ENCODING) {
            fields.append(header::ACCEPT_ENCODING, HeaderValue::from_static("identity"));
        }
    }

    /// Ready with the head of the answer. A connection that gives none is closed.
    pub(super) fn poll_head(
        &mut self,
        cx: &mut Context<'_>,
        called: &Called,
    ) -> Poll<Result<ResponseHead, Fault>> {
        let head = ready!(self.exchange()?.poll_head(cx));
        Poll::Ready(head.map_err(|fault| self.failed(called, fault)))
    }

    /// After this fault nothing more can be sent.
    pub(super) fn failed(&mut self, called: &Called, fault: Fault) -> Fault {
        self.close();
        called.fault(fault)
    }

    /// Takes the connection out, if it has left HTTP.
    pub(super) fn take_switched(&mut self) -> Option<Exchange<W, A>> {
        self.exchange.take_if(|exchange| exchange.is_switched())
    }
}

/// Whom the target itself names: in its absolute form, or in that of CONNECT (RFC 9112 §3.2).
fn authority_of<'t>(method: &Method, target: &'t [u8]) -> Option<&'t [u8]> {
    if *method == Method::CONNECT {
        return Some(target);
    }
    let rest = &target[memchr::memmem::find(target, b"://")? + 3..];
    let end = rest.iter().position(|byte| matches!(byte, b'/' | b'?')).unwrap_or(rest.len());
    (target.first() != Some(&b'/')).then_some(&rest[..end])
}

impl<W, A: Alarm> fmt::Debug for ByHand<W, A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Connection")
            .field("origin", &self.origin)
            .field("open", &self.exchange.is_some())
            .finish_non_exhaustive()
    }
}

/// How much of an answer that nobody read is read away, so that its connection can be used again.
const MOST_DRAINED: usize = 64 * 1024;
