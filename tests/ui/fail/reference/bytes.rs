use counterpart::prelude::*;

#[post("/")]
async fn route(data: &[u8]) -> u64 {
    let _ = data;
    1
}

fn main() {}
