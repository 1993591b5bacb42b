use counterpart::prelude::*;

#[get("/users/{user-id}")]
async fn route(user_id: u64) -> u64 {
    let _ = user_id;
    1
}

fn main() {}
