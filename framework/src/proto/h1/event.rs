//! Events: what the other party's bytes mean.

use bytes::Bytes;

use crate::text::Fields;

/// One thing the other party said, or why there is nothing to hear now.
///
/// A message is one `Head`, any number of `Data`, one `End`.
#[derive(Debug)]
pub enum Event<H> {
    /// More bytes are needed before anything can be said.
    NeedData,
    /// The head of a message.
    Head(H),
    /// The head of an interim response (RFC 9110 §15.2); the final one is still to come.
    Interim(H),
    /// Some bytes of the body, never none.
    Data(Bytes),
    /// The message is whole; trailers, if it had any, stand apart from its head.
    End(Option<Fields>),
    /// What follows belongs to a later cycle or another protocol: finish our message first.
    Paused,
    /// They will send no more.
    Closed,
}
