use counterpart::prelude::*;

#[get("/users//posts")]
async fn route() -> u64 {
    1
}

fn main() {}
