use counterpart::prelude::*;

#[get("/users/{id}")]
async fn get_user() -> u64 {
    1
}

fn main() {}
