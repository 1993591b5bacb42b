use counterpart::prelude::*;

#[get("/users")]
async fn route(#[header("x-a")] one: String, #[header("X-A")] other: String) -> u64 {
    let _ = (one, other);
    1
}

fn main() {}
