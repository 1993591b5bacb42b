use counterpart::prelude::*;

#[get("/files/*")]
async fn route() -> u64 {
    1
}

fn main() {}
