//! The client people call with: how its requests are put together, what its answers give, where it goes by itself.

mod calls;
mod peer;
mod redirects;
