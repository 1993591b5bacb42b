//! Roles: which party this end is.

use std::fmt::Debug;

use super::state::Party;
use crate::text::{RequestHead, ResponseHead};

/// This end, as a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// Reads requests, writes responses.
    Server,
    /// Writes requests, reads responses.
    Client,
}

/// This end, as a type: [`Server`] or [`Client`].
pub trait Role: sealed::Reads<Head = Self::Theirs> + Debug + Send + Sync + 'static {
    /// The role as a value.
    const SIDE: Side;
    /// The head that the other party sends.
    type Theirs: Debug;
    /// The head that we send.
    type Ours: Debug;
}

/// The role that reads requests and writes responses.
#[derive(Debug, Clone, Copy)]
pub struct Server;

/// The role that writes requests and reads responses.
#[derive(Debug, Clone, Copy)]
pub struct Client;

impl Side {
    /// The party this end plays.
    #[must_use]
    pub const fn ours(self) -> Party {
        match self {
            Self::Server => Party::Responder,
            Self::Client => Party::Requester,
        }
    }

    /// The party the other end plays.
    #[must_use]
    pub const fn theirs(self) -> Party {
        match self {
            Self::Server => Party::Requester,
            Self::Client => Party::Responder,
        }
    }
}

impl Role for Server {
    const SIDE: Side = Side::Server;
    type Theirs = RequestHead;
    type Ours = ResponseHead;
}

impl Role for Client {
    const SIDE: Side = Side::Client;
    type Theirs = ResponseHead;
    type Ours = RequestHead;
}

/// What the machine needs of a role and its users must not see.
pub(super) mod sealed {
    use http::StatusCode;

    use super::super::buffer::Buffer;
    use super::super::error::ProtocolError;
    use super::super::framing::Asked;
    use super::super::head;
    use super::super::known::Facts;
    use super::super::limits::Limits;
    use super::{Client, RequestHead, ResponseHead, Server};

    // Sealing a trait means that its bound cannot be named.
    #[allow(unnameable_types)]
    pub trait Reads {
        type Head;
        fn limits() -> Limits;
        #[allow(private_interfaces)]
        fn read(
            input: &mut Buffer,
            limits: &Limits,
            facts: &mut Facts,
        ) -> Result<Option<Self::Head>, ProtocolError>;
        /// The status of a response; nothing if the other party sends requests.
        fn response_status(head: &Self::Head) -> Option<StatusCode>;
        #[allow(private_interfaces)]
        fn asked(head: &Self::Head) -> Asked;
    }

    impl Reads for Server {
        type Head = RequestHead;
        fn limits() -> Limits {
            Limits::server()
        }
        #[allow(private_interfaces)]
        fn read(
            input: &mut Buffer,
            limits: &Limits,
            facts: &mut Facts,
        ) -> Result<Option<RequestHead>, ProtocolError> {
            head::request(input, limits, facts)
        }
        fn response_status(_: &RequestHead) -> Option<StatusCode> {
            None
        }
        #[allow(private_interfaces)]
        fn asked(head: &RequestHead) -> Asked {
            Asked::of(&head.method)
        }
    }

    impl Reads for Client {
        type Head = ResponseHead;
        fn limits() -> Limits {
            Limits::client()
        }
        #[allow(private_interfaces)]
        fn read(
            input: &mut Buffer,
            limits: &Limits,
            facts: &mut Facts,
        ) -> Result<Option<ResponseHead>, ProtocolError> {
            head::response(input, limits, facts)
        }
        fn response_status(head: &ResponseHead) -> Option<StatusCode> {
            Some(head.status)
        }
        #[allow(private_interfaces)]
        fn asked(_: &ResponseHead) -> Asked {
            Asked::Other
        }
    }
}
