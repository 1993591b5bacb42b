use counterpart::prelude::*;

#[get("/users")]
async fn route(#[param] page: u64) -> u64 {
    page
}

fn main() {}
