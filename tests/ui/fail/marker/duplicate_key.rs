use counterpart::prelude::*;

#[get("/users")]
async fn route(limit: u32, #[query("limit")] other: u32) -> u64 {
    let _ = (limit, other);
    1
}

fn main() {}
