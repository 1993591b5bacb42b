//! Switching: answers after which the connection leaves HTTP, and what it is then.

use std::pin::pin;
use std::task::Poll;

use http::StatusCode;

use super::answer::instead_of;
use super::h1_server::Driver;
use super::refuse;
use crate::body::Body;
use crate::message::Response;
use crate::service::guard;
use crate::upgrade::Then;
use crate::wire::Wire;

impl<W: Wire> Driver<W> {
    /// The answer to CONNECT, or one that would switch protocols: as it is where the peer asked for that, else what
    /// can be said instead.
    #[cold]
    pub(super) fn switching(&mut self, mut response: Response) -> Response {
        let (status, connects) = (response.status, self.asked_connect);
        let switches = status == StatusCode::SWITCHING_PROTOCOLS;
        let can = self.then.is_some() && self.link.conn.may_switch() && !self.asked_head;
        if can && if connects { status.is_success() } else { switches } {
            response.body = Body::empty();
            return response;
        }
        let asked = self.then.take().is_some();
        match connects {
            true if switches || status.is_success() => refuse::of_connect(),
            false if switches && asked => refuse::of_no_upgrade(&response),
            _ if status.is_informational() => instead_of(&response),
            _ => response,
        }
    }

    /// Lets the other protocol have the connection, which stays one of the house: it is cut when the house is.
    pub(super) async fn switch(self, then: Then) {
        let Self { link, mut member, .. } = self;
        let upgraded = link.hand_over();
        let mut talk = pin!(guard(async move { then(upgraded).await }));
        let ended = std::future::poll_fn(|cx| {
            member.attend(cx);
            match member.is_cut() {
                true => Poll::Ready(Ok(())),
                false => talk.as_mut().poll(cx),
            }
        });
        if let Err(panic) = ended.await {
            tracing::error!(target: "counterpart", "an upgraded connection panicked: {}", panic.0);
        }
    }
}
