use counterpart::prelude::*;

#[get("/users", body_limit = 1, body_limit = 2)]
async fn route() -> u64 {
    1
}

fn main() {}
