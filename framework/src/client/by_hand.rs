//! What both connections by hand are made of, the one with a runtime and the one without: each of their methods
//! polls one of these until it is ready.

use std::fmt;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use bytes::{Buf, Bytes};
use http::{Extensions, HeaderMap, HeaderValue, Method, StatusCode, Version, header};

use super::authority::Authority;
use super::connector::Connector;
use crate::body::{BodyError, BodyErrorKind, BoxError};
use crate::drive::exchange::{Exchange, OnInterim, Piece, Terms};
use crate::drive::patience::Alarm;
use crate::message::target_mistake;
use crate::proto::h1::{Length, Limits};
use crate::service::{Deadline, Fault, FaultKind};
use crate::text::{Fields, RequestHead, ResponseHead};
use crate::wire::Wire;

/// One wire, and how requests on it are made.
pub(super) struct ByHand<W, A: Alarm> {
    /// Gone when the connection is closed.
    exchange: Option<Exchange<W, A>>,
    terms: Terms,
    /// What requests get that have no `Host` of their own.
    host: Option<HeaderValue>,
    origin: Arc<str>,
    /// Bytes of an unread answer that were read away.
    drained: usize,
}

/// What is remembered of a request for as long as its answer is read.
#[derive(Debug, Clone)]
pub(super) struct Called {
    pub(super) method: Method,
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
    pub(super) fn new(wire: W, connector: &Connector, authority: Option<&Authority>) -> Self {
        let limits = connector.limits.clone().unwrap_or_else(|| Arc::new(Limits::client()));
        let named = authority.map_or_else(|| NOWHERE.to_owned(), ToString::to_string);
        let host = if connector.without_host { None } else { HeaderValue::try_from(&named).ok() };
        Self {
            exchange: Some(Exchange::new(wire, limits)),
            terms: connector.terms.clone(),
            host,
            origin: format!("http://{named}").into(),
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
        if exchange.end() && exchange.is_alive() {
            return Poll::Ready(Ok(()));
        }
        self.close();
        Poll::Ready(Err(FaultKind::NotConnected.into()))
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
        let mut terms = self.terms.clone();
        terms.total = extensions.get().map(|&Deadline(total)| total);
        terms.on_interim = extensions.get::<OnInterim>().cloned().or(terms.on_interim);
        self.exchange()?.begin(head, length, terms).map_err(|fault| called.fault(fault))?;
        Ok(called)
    }

    /// Writes the fields that go without saying: `Host` first, as RFC 9110 §7.2 would have it, and that no coding
    /// is wanted, since none would be undone.
    fn complete(&self, head: &mut RequestHead) {
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

/// An answer whose content is being read.
pub(super) struct Reading<'c, W, A: Alarm> {
    by_hand: &'c mut ByHand<W, A>,
    pub(super) called: Called,
    pub(super) head: ResponseHead,
    /// Bytes that were read and not yet asked for.
    piece: Bytes,
    trailers: Option<HeaderMap>,
    ended: bool,
}

impl<'c, W: Wire, A: Alarm> Reading<'c, W, A> {
    pub(super) fn new(by_hand: &'c mut ByHand<W, A>, called: Called, head: ResponseHead) -> Self {
        let (piece, trailers) = (Bytes::new(), None);
        Self { by_hand, called, head, piece, trailers, ended: false }
    }

    /// Ready when there are bytes, or none will come.
    pub(super) fn poll_fill(&mut self, cx: &mut Context<'_>) -> Poll<Result<&[u8], Fault>> {
        while self.piece.is_empty() && !self.ended {
            let piece = ready!(self.by_hand.exchange()?.poll_piece(cx));
            match piece.map_err(|error| self.called.fault(error.into()))? {
                Piece::Data(data) => self.piece = data,
                Piece::End(trailers) => self.end(trailers),
            }
        }
        Poll::Ready(Ok(&self.piece))
    }

    /// Ready with the next piece; none at the end.
    pub(super) fn poll_chunk(
        &mut self,
        cx: &mut Context<'_>,
    ) -> Poll<Result<Option<Bytes>, Fault>> {
        ready!(self.poll_fill(cx))?;
        let piece = std::mem::take(&mut self.piece);
        Poll::Ready(Ok((!piece.is_empty()).then_some(piece)))
    }

    pub(super) fn consume(&mut self, amount: usize) {
        self.piece.advance(amount);
    }

    fn end(&mut self, trailers: Option<Fields>) {
        self.ended = true;
        self.trailers = trailers.map(|trailers| trailers.to_map());
        let over = self.by_hand.exchange.as_mut().is_some_and(|e| e.end() || e.is_switched());
        if !over {
            self.by_hand.close();
        }
    }

    pub(super) const fn trailers(&self) -> Option<&HeaderMap> {
        self.trailers.as_ref()
    }

    pub(super) fn is_reusable(&self) -> bool {
        self.by_hand.keeps()
    }

    pub(super) fn into_switched(self) -> Result<Exchange<W, A>, Fault> {
        let status = self.head.status;
        let refused = || Fault::new(FaultKind::NotUpgraded, format!("it answered {status}"));
        self.by_hand.take_switched().ok_or_else(|| self.called.fault(refused()))
    }

    pub(super) fn error_for_status(self) -> Result<Self, Fault> {
        let status = self.head.status;
        match status.is_client_error() || status.is_server_error() {
            true => Err(self.called.fault(FaultKind::Status(status).into())),
            false => Ok(self),
        }
    }

    pub(super) fn too_large(&self, limit: u64) -> Fault {
        let error = BodyError::from(BodyErrorKind::TooLarge { limit });
        self.called.fault(error.into())
    }

    pub(super) fn undecodable(&self, error: impl Into<BoxError>) -> Fault {
        self.called.fault(Fault::new(FaultKind::Decode, error))
    }

    pub(super) const fn status(&self) -> StatusCode {
        self.head.status
    }
}

impl<W, A: Alarm> fmt::Debug for ByHand<W, A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Connection")
            .field("origin", &self.origin)
            .field("open", &self.exchange.is_some())
            .finish_non_exhaustive()
    }
}

impl<W, A: Alarm> fmt::Debug for Reading<'_, W, A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Answer")
            .field("called", &self.called)
            .field("head", &self.head)
            .field("ended", &self.ended)
            .finish_non_exhaustive()
    }
}

/// How much of an answer that nobody read is read away, so that its connection can be used again.
const MOST_DRAINED: usize = 64 * 1024;
/// Whom requests are for where the wire has no name.
const NOWHERE: &str = "localhost";
