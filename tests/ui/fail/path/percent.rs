use counterpart::prelude::*;

#[get("/a%20b")]
async fn route() -> u64 {
    1
}

fn main() {}
