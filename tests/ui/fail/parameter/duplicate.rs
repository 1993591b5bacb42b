use counterpart::prelude::*;

#[get("/users/{id}/posts/{id}")]
async fn get_post(id: u64) -> u64 {
    id
}

fn main() {}
