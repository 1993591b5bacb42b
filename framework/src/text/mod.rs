//! Words of HTTP that the `http` crate lacks.
//!
//! Here: the field table and the two heads, as the machines read and write them; statuses and dates in words; entity
//! tags, ranges, preferences and networks.
//! Not here: what the words *mean* for framing (see [`crate::proto`]), or bodies.
//! Read in this order: `find`, `pool`, `fields`, `ready`, `head`, `reason`, `date`, `accept`, `etag`, `range`, `network`.

pub mod accept;
#[cfg(feature = "net")]
pub mod date;
pub mod etag;
pub mod fields;
pub(crate) mod find;
pub mod head;
pub(crate) mod network;
pub(crate) mod pool;
pub mod range;
pub(crate) mod ready;
pub mod reason;

#[cfg(feature = "net")]
pub use date::HttpDate;
pub use etag::EntityTag;
pub use fields::Fields;
pub use head::{RequestHead, RequestParts, ResponseHead};
pub use range::Ranged;
