use counterpart::prelude::*;

#[route(PURGE, "/cache")]
async fn route(id: u64) -> u64 {
    let _ = id;
    1
}

fn main() {}
