//! Switching: answers after which the connection leaves HTTP, and what it is then.

use std::pin::pin;
use std::task::Poll;

use http::{StatusCode, Version};

use super::answer::{cannot_end, instead_of};
use super::ending::End;
use super::h1_server::Driver;
use super::refuse;
use crate::message::Response;
use crate::proto::h1::Length;
use crate::service::guard;
use crate::text::ResponseHead;
use crate::upgrade::Then;
use crate::wire::Wire;

impl<W: Wire> Driver<W> {
    /// Whether the connection goes over to another protocol with this answer, which is one to CONNECT or informational.
    /// If the peer did not ask for that, the answer becomes what can be said instead.
    #[cold]
    pub(super) fn switches(&mut self, response: &mut Response) -> bool {
        let (status, connects) = (response.status, self.asked_connect);
        let upgrades = status == StatusCode::SWITCHING_PROTOCOLS;
        let can = self.then.is_some() && self.link.conn.may_switch() && !self.asked_head;
        if can && if connects { status.is_success() } else { upgrades && self.asked_for(response) }
        {
            return true;
        }
        let has_then = self.then.take().is_some();
        if connects && (upgrades || status.is_success()) {
            *response = refuse::of_connect();
        } else if upgrades && has_then {
            *response = refuse::of_no_upgrade(response);
        } else if status.is_informational() {
            *response = instead_of(response);
        }
        false
    }

    /// Whether the protocol of the answer is one of those that the peer named; no other may be (RFC 9110 §7.8).
    fn asked_for(&self, response: &Response) -> bool {
        let Some(protocol) = response.fields.get_str("upgrade") else { return false };
        let asked = self.asked_protocols.as_deref().unwrap_or_default();
        asked.split(',').any(|asked| asked.trim().eq_ignore_ascii_case(protocol))
    }

    /// Writes the last head of the connection.
    #[cold]
    pub(super) fn begin_switch(&mut self, response: Response) -> Result<(), End> {
        let Response { status, fields, extensions, .. } = response;
        self.note(|journal| journal.answers(status, &extensions));
        let head = ResponseHead { status, version: Version::HTTP_11, fields };
        self.link.open_output();
        let (conn, out) = (&mut self.link.conn, &mut self.link.out);
        conn.send_head(&head, Length::Absent, Some(&self.house.clock.date()), out)
            .map_err(cannot_end)
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
