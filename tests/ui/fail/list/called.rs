use counterpart::prelude::*;

#[get("/users/{id}")]
async fn user(id: u64) -> u64 {
    id
}

#[get("/users")]
async fn users() -> u64 {
    1
}

api!(All: user(), users);

fn main() {}
