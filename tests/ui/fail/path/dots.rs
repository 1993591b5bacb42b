use counterpart::prelude::*;

#[get("/a/../b")]
async fn route() -> u64 {
    1
}

fn main() {}
