use counterpart::prelude::*;

#[get("/files/{*rest}/raw")]
async fn route(rest: String) -> u64 {
    let _ = rest;
    1
}

fn main() {}
