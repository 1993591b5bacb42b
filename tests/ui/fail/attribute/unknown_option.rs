use counterpart::prelude::*;

#[get("/users", colour = "red")]
async fn route() -> u64 {
    1
}

fn main() {}
