use counterpart::prelude::*;

#[derive(Serialize, Deserialize)]
pub struct User {
    id: String,
}

#[get("/users/{id}")]
async fn get_user(id: u64) -> u64 {
    id
}

#[post("/users", location = get_user)]
async fn create_user() -> Created<User> {
    Created(User { id: String::new() })
}

api!(All: get_user, create_user);

fn main() {}
