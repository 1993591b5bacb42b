use counterpart::prelude::*;

#[get("/users")]
#[post("/users")]
async fn route() -> u64 {
    1
}

fn main() {}
