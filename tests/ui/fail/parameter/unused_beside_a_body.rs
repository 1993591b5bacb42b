use counterpart::prelude::*;

#[put("/users/{id}/{*rest}")]
async fn put_user(id: u64, name: String) -> String {
    format!("{id} {name}")
}

fn main() {}
