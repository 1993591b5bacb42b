use counterpart::prelude::*;

#[get("users")]
async fn route() -> u64 {
    1
}

fn main() {}
