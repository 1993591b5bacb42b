use counterpart::prelude::*;

#[get("/users/{id}")]
async fn route(#[path] id: u64) -> u64 {
    let _ = id;
    1
}

fn main() {}
