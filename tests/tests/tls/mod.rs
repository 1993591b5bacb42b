//! TLS: the wire by itself, a server's side, a client's side, and what each says of the other's mistakes.

mod authority;
mod certificates;
mod client;
mod house;
mod identities;
mod proxies;
mod reload;
mod server;
mod wire;
