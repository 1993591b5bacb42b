use counterpart::prelude::*;

#[post("/users")]
async fn create(name: String, email: String) -> String {
    name + &email
}

fn main() {}
