use counterpart::prelude::*;

#[put("/users/{id}")]
async fn replace(id: u64, name: String, email: String, age: u8) -> String {
    format!("{id} {name} {email} {age}")
}

fn main() {}
