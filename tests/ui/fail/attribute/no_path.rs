use counterpart::prelude::*;

#[get]
async fn route() -> u64 {
    1
}

fn main() {}
