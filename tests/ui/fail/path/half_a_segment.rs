use counterpart::prelude::*;

#[get("/v{version}")]
async fn route(version: u32) -> u64 {
    let _ = version;
    1
}

fn main() {}
