use counterpart::prelude::*;

#[route(CONNECT, "/users")]
async fn route() -> u64 {
    1
}

fn main() {}
