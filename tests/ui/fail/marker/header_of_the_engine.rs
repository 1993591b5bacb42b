use counterpart::prelude::*;

#[get("/users")]
async fn route(#[header("Content-Length")] length: u64) -> u64 {
    let _ = length;
    1
}

fn main() {}
