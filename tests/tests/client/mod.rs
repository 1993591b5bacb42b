//! The client people call with: how its requests are put together, what its answers give, where it goes by itself; how
//! its connections are made, kept and given up.

mod blocking;
mod calls;
mod codings;
mod cookies;
mod dial;
mod filter;
mod house;
mod layers;
mod peer;
mod phases;
mod places;
mod pool;
mod progress;
mod proxies;
mod random;
mod redirects;
mod retries;
mod runtimes;
mod stale;
#[cfg(unix)]
mod unix;
mod upgrades;
