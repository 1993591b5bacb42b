use counterpart::prelude::*;

#[get("/users")]
async fn route(#[cfg(unix)] id: u64) -> u64 {
    let _ = id;
    1
}

fn main() {}
