use counterpart::prelude::*;

#[get("/")]
async fn route(count: &mut u64) -> u64 {
    let _ = count;
    1
}

fn main() {}
