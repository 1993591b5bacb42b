use counterpart::prelude::*;

#[get("/users#top")]
async fn route() -> u64 {
    1
}

fn main() {}
