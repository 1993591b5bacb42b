//! Words of HTTP that the `http` crate lacks.
//!
//! Here: the field table and the two heads, as the machines read and write them.
//! Not here: what the words *mean* for framing (see [`crate::proto`]), or bodies.
//! Read in this order: `fields`, `head`, `reason`.

pub mod fields;
pub mod head;
pub mod reason;

pub use fields::Fields;
pub use head::{RequestHead, ResponseHead};
