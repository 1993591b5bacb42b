use counterpart::prelude::*;

#[get("/users")]
async fn route(#[query] #[header("x-limit")] limit: u32) -> u64 {
    let _ = limit;
    1
}

fn main() {}
