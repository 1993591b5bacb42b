use counterpart::prelude::*;

#[post("/users", location = "/users/1")]
async fn route() -> u64 {
    1
}

fn main() {}
