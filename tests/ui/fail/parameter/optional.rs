use counterpart::prelude::*;

#[get("/users/{id}")]
async fn get_user(id: Option<u64>) -> Option<u64> {
    id
}

fn main() {}
