use counterpart::prelude::*;

#[post("/users", body_limit = "10 megabytes")]
async fn route() -> u64 {
    1
}

fn main() {}
