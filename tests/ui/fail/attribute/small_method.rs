use counterpart::prelude::*;

#[route(purge, "/users")]
async fn route() -> u64 {
    1
}

fn main() {}
