use counterpart::prelude::*;

#[get("/users/{id:[0-9]+}")]
async fn route(id: u64) -> u64 {
    let _ = id;
    1
}

fn main() {}
