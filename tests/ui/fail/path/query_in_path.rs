use counterpart::prelude::*;

#[get("/users?limit=10")]
async fn route() -> u64 {
    1
}

fn main() {}
