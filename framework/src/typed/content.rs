//! Content of a request that is not read as a value: [`Bytes`] is all of it, [`Body`] is it as it comes.
//!
//! As with answers (`kind`), a constant that the concrete type has tells which of them an argument is, whatever alias
//! hides it.

use bytes::Bytes;

use super::kind::Probe;
use crate::body::Body;

/// A value, as JSON.
pub const JSON: u8 = 0;
/// [`Bytes`]: all of it, once it is there.
pub const BYTES: u8 = 1;
/// [`Body`]: as it comes.
pub const STREAM: u8 = 2;

impl Probe<Bytes> {
    /// As it is.
    pub const CONTENT: u8 = BYTES;
}

impl Probe<Body> {
    /// As it comes.
    pub const CONTENT: u8 = STREAM;
}

/// The type that must travel for an argument of this kind to be content: itself, or nothing.
pub trait Value<const CONTENT: u8> {
    /// What is read and written as JSON.
    type Json;
}

impl<T> Value<JSON> for T {
    type Json = T;
}

impl Value<BYTES> for Bytes {
    type Json = ();
}

impl Value<STREAM> for Body {
    type Json = ();
}
