use counterpart::prelude::*;

#[post("/users")]
async fn route(#[json] name: String) -> String {
    name
}

fn main() {}
