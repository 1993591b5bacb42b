//! The beginning of a server's connection by TLS: until both sides agree, or too long.

use std::future::poll_fn;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::BytesMut;
use http::{HeaderValue, StatusCode, header};

use super::clock::Moment;
use super::crowd::Member;
use super::h1_server::House;
use super::timer::Timer;
use crate::message::{Request, Response};
use crate::problem::{Problem, code};
use crate::service::{Fault, Service};
use crate::tls::{ServerTls, Tls};
use crate::wire::{Upgraded, Wire};

/// What came of a connection that was to begin with a handshake.
#[derive(Debug)]
pub enum Greeted<W> {
    /// Both sides agree.
    Tls(Tls<W>),
    /// The peer speaks plain HTTP, as far as its first byte tells.
    Plain(Upgraded),
    /// The peer is gone, was too slow, or was refused.
    Gone,
}

/// Waits for a handshake, for as long as the config allows. It counts as a connection from now on, as an idle one, for
/// as long as the member is kept that comes with it.
pub fn greet<W: Wire>(
    tls: ServerTls,
    wire: W,
    house: Arc<House>,
) -> impl Future<Output = (Greeted<W>, Member)> + Send {
    let mut waiting = Waiting::new(&house);
    async move {
        let mut meeting = pin!(meet(tls, wire));
        let greeted = poll_fn(|cx| match meeting.as_mut().poll(cx) {
            Poll::Ready(greeted) => Poll::Ready(greeted),
            Poll::Pending => waiting.poll(cx, &house).map(|()| Greeted::Gone),
        });
        (greeted.await, waiting.member)
    }
}

async fn meet<W: Wire>(tls: ServerTls, mut wire: W) -> Greeted<W> {
    let mut read = BytesMut::with_capacity(FIRST_READ);
    if !matches!(poll_fn(|cx| wire.poll_read(cx, &mut read)).await, Ok(1..)) {
        return Greeted::Gone;
    }
    // A method begins with a letter; a record of TLS has a number there, and so has the hello of SSL 2.
    if read[0].is_ascii_alphabetic() {
        return Greeted::Plain(Upgraded::new(wire, read));
    }
    let met = match tls.begin(wire, read) {
        Ok(mut session) => match poll_fn(|cx| session.poll_handshake(cx)).await {
            Ok(()) => return Greeted::Tls(session),
            Err(fault) => {
                part(session).await;
                fault
            }
        },
        Err(fault) => fault,
    };
    tracing::debug!(target: "counterpart", "no handshake: {met}");
    Greeted::Gone
}

/// Ends our half, and hears the peer out, so that it can read why: closing on unread bytes would reset the connection
/// under our alert.
async fn part<W: Wire>(mut session: Tls<W>) {
    let wire = session.get_mut();
    if poll_fn(|cx| wire.poll_shutdown(cx)).await.is_err() {
        return;
    }
    let mut unread = BytesMut::with_capacity(FIRST_READ);
    for _ in 0..MOST_READS {
        unread.clear();
        if !matches!(poll_fn(|cx| wire.poll_read(cx, &mut unread)).await, Ok(1..)) {
            return;
        }
    }
}

/// A place in the crowd, and how long it is kept.
struct Waiting {
    member: Member,
    timer: Timer,
    until: Moment,
}

impl Waiting {
    fn new(house: &House) -> Self {
        let member = house.crowd.enter();
        member.rests(house.clock.now());
        let until = house.clock.after(house.config.handshake);
        Self { member, timer: Timer::new(&house.clock), until }
    }

    /// Ready when it is over.
    fn poll(&mut self, cx: &mut Context<'_>, house: &House) -> Poll<()> {
        self.member.attend(cx);
        if self.member.is_dismissed() || self.member.is_cut() {
            return Poll::Ready(());
        }
        if self.member.is_stopped() {
            self.until = self.until.min(house.clock.now().saturating_add(LAST_CALL));
        }
        self.timer.poll(cx, &house.clock, self.until)
    }
}

/// What whoever speaks plain HTTP to a port of TLS is answered.
#[derive(Debug)]
pub struct NeedsTls;

impl Service for NeedsTls {
    async fn call(&self, _: Request) -> Result<Response, Fault> {
        let problem = Problem::new(StatusCode::BAD_REQUEST)
            .code(code::INVALID_REQUEST)
            .detail("this port speaks TLS, and this request came without; call it by https://");
        let close = HeaderValue::from_static("close");
        Ok(problem.with_field(header::CONNECTION, close).into_response())
    }
}

/// A client's hello is nearly always shorter.
const FIRST_READ: usize = 4 * 1024;
/// How much is read of a peer that was refused, in pieces.
const MOST_READS: usize = 16;
/// Milliseconds that a handshake may still take once the server stops.
const LAST_CALL: Moment = 1000;
