use counterpart::prelude::*;

#[get("/")]
async fn list() -> impl Iterator<Item = u64> {
    0..3
}

fn main() {}
