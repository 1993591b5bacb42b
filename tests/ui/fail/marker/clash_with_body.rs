use counterpart::prelude::*;

#[post("/users")]
async fn route(#[body] #[query] limit: u32) -> u64 {
    let _ = limit;
    1
}

fn main() {}
