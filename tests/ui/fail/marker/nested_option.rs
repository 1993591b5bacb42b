use counterpart::prelude::*;

#[get("/users")]
async fn route(limit: Option<Option<u32>>) -> u64 {
    let _ = limit;
    1
}

fn main() {}
