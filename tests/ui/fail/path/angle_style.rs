use counterpart::prelude::*;

#[get("/users/<id>")]
async fn route() -> u64 {
    1
}

fn main() {}
