//! States: in which order the two parties may speak. Everything about order stands in this file.
//!
//! # Theory of operation
//!
//! Two parties share a connection: the *requester* and the *responder*. Each is in one [`State`], and
//! both ends of the wire keep both: the server's machine follows the requester by what it reads and
//! the responder by what it writes, the client's machine the other way round. The table below does
//! not know which end it serves, so it cannot favour one.
//!
//! A message is a head, its data, its end. The requester goes `Idle → Body → Done`. The responder
//! starts at `Idle` too; as soon as a request's head is known it owes an answer (`Owed`), may give any
//! number of interim ones, then goes `Body → Done`. A message without a body passes through `Body`
//! all the same: its end follows at once.
//!
//! The responder need not wait for the end of the request. It may even answer from `Idle`: that is
//! the 400 for a head that could not be read.
//!
//! There are two kinds of transition. [`step`] is the table: what one party does to its own state.
//! [`settle`] is the joint rule, looked at after each step: when both are `Done` the cycle is over,
//! and either both start again, or, if anybody said so, both must close. When only one is `Done` it
//! waits; a pipelined request waits in the buffer for as long.
//!
//! `Failed` is where a party goes whose message broke a rule: nothing it sends is looked at any more,
//! since after an error in framing nobody knows where a message starts. The other party may still
//! finish its own message, then must close. `Switched` is where both go when the connection stops
//! being HTTP/1.1 (101, or 2xx to CONNECT): bytes that were read too far are handed over.
//!
//! Weak spots. The table does not see bodies: that a body is as long as its head said is held by
//! `body` and `conn`. And it does not see time: who waits too long for a state is cut by the driver.

/// One of the two on a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Party {
    /// Sends requests.
    Requester,
    /// Sends responses.
    Responder,
}

/// Where a party is in its message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum State {
    /// Nothing of a message has been sent.
    Idle,
    /// The responder knows of a request, and has not given its final head.
    Owed,
    /// The head is out, the end is not.
    Body,
    /// The message is whole; the other party's is not.
    Done,
    /// The last message of this connection is whole.
    MustClose,
    /// Nothing more will be sent.
    Closed,
    /// The connection speaks another protocol now.
    Switched,
    /// A rule was broken; nothing more is understood.
    Failed,
}

/// What a party does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Step {
    /// The responder hears of a request.
    Asked,
    /// An interim head.
    Interim,
    /// The (final) head.
    Head,
    /// Bytes of the body.
    Data,
    /// The end of the message.
    End,
    /// Both are done, and the connection is kept.
    Again,
    /// Both are done, and the connection is not kept.
    Last,
    /// The end of the stream.
    Close,
    /// Another protocol takes over.
    Switch,
    /// A broken rule.
    Fail,
}

/// The table: where a step leads, or `None` if it is not allowed there.
#[must_use]
pub const fn step(party: Party, state: State, step: Step) -> Option<State> {
    use {Party as P, State as S, Step as T};
    Some(match (party, state, step) {
        (P::Requester, S::Idle, T::Head) => S::Body,
        (P::Responder, S::Idle, T::Asked) => S::Owed,
        (P::Responder, S::Owed, T::Interim) => S::Owed,
        (P::Responder, S::Idle | S::Owed, T::Head) => S::Body,
        (_, S::Body, T::Data) => S::Body,
        (_, S::Body, T::End) => S::Done,
        (_, S::Done, T::Again) => S::Idle,
        (_, S::Done, T::Last) => S::MustClose,
        (P::Requester, S::Body | S::Done, T::Switch) => S::Switched,
        (P::Responder, S::Owed, T::Switch) => S::Switched,
        (_, S::Idle | S::Done | S::MustClose | S::Closed | S::Failed, T::Close) => S::Closed,
        (_, S::Closed | S::Switched, T::Fail) => return None,
        (_, _, T::Fail) => S::Failed,
        _ => return None,
    })
}

/// The joint rule: where both are led when one has come to the end of its message, if both have.
pub(super) const fn settle(
    requester: State,
    responder: State,
    keep: bool,
) -> Option<(State, State)> {
    let both = if keep { Step::Again } else { Step::Last };
    match (requester, responder) {
        (State::Done, State::Done) => {
            match (step(Party::Requester, requester, both), step(Party::Responder, responder, both))
            {
                (Some(requester), Some(responder)) => Some((requester, responder)),
                _ => None,
            }
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PARTIES: [Party; 2] = [Party::Requester, Party::Responder];
    const STATES: [State; 8] = [
        State::Idle,
        State::Owed,
        State::Body,
        State::Done,
        State::MustClose,
        State::Closed,
        State::Switched,
        State::Failed,
    ];
    const STEPS: [Step; 10] = [
        Step::Asked,
        Step::Interim,
        Step::Head,
        Step::Data,
        Step::End,
        Step::Again,
        Step::Last,
        Step::Close,
        Step::Switch,
        Step::Fail,
    ];

    fn walk(party: Party, steps: &[Step]) -> Option<State> {
        steps.iter().try_fold(State::Idle, |state, &next| step(party, state, next))
    }

    #[test]
    fn a_cycle_returns_to_idle() {
        let asked = [Step::Asked, Step::Interim, Step::Head, Step::Data, Step::End, Step::Again];
        assert_eq!(walk(Party::Responder, &asked), Some(State::Idle));
        let asks = [Step::Head, Step::Data, Step::Data, Step::End, Step::Again];
        assert_eq!(walk(Party::Requester, &asks), Some(State::Idle));
    }

    #[test]
    fn an_answer_needs_no_readable_request() {
        assert_eq!(walk(Party::Responder, &[Step::Head, Step::End]), Some(State::Done));
        assert_eq!(walk(Party::Requester, &[Step::Fail, Step::Close]), Some(State::Closed));
    }

    #[test]
    fn no_party_ends_inside_its_message() {
        for party in PARTIES {
            assert_eq!(step(party, State::Body, Step::Close), None);
            assert_eq!(step(party, State::Owed, Step::Close), None);
        }
    }

    #[test]
    fn nothing_leaves_the_final_states() {
        for party in PARTIES {
            for &next in &STEPS {
                assert_eq!(step(party, State::Switched, next), None);
                let closed = step(party, State::Closed, next);
                assert_eq!(closed, (next == Step::Close).then_some(State::Closed));
            }
        }
    }

    #[test]
    fn only_the_responder_owes() {
        for state in STATES {
            assert_eq!(step(Party::Requester, state, Step::Asked), None);
            assert_eq!(step(Party::Requester, state, Step::Interim), None);
        }
    }

    #[test]
    fn cycles_end_together() {
        assert_eq!(settle(State::Done, State::Done, true), Some((State::Idle, State::Idle)));
        assert_eq!(
            settle(State::Done, State::Done, false),
            Some((State::MustClose, State::MustClose))
        );
        assert_eq!(settle(State::Body, State::Done, true), None);
        assert_eq!(settle(State::Done, State::Owed, false), None);
    }
}
