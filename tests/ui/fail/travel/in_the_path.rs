use counterpart::prelude::*;

pub struct Id(u64);

#[get("/users/{id}")]
async fn get_user(id: Id) -> u64 {
    id.0
}

api!(All: get_user);

fn main() {}
