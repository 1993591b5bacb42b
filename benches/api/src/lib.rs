//! What every program of the benchmarks speaks of: the types, the texts, the flags.
//!
//! Each part is a feature, so that no program carries what its framework does not need.

mod flags;
mod texts;

#[cfg(feature = "canned")]
pub mod canned;
#[cfg(feature = "types")]
mod types;
#[cfg(feature = "zeros")]
mod zeros;

pub use flags::Flags;
pub use texts::{GREETING, HELLO, NEW_USER, ZEROS};
#[cfg(feature = "types")]
pub use types::{Greeting, NewUser, Uploaded, User, Users};
#[cfg(feature = "zeros")]
pub use zeros::Zeros;
