use counterpart::prelude::*;

#[get("/users/{id}")]
async fn user(id: u64) -> u64 {
    id
}

api!(user);

fn main() {}
