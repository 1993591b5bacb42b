use counterpart::prelude::*;

#[post("/users")]
async fn route(#[data] name: String) -> String {
    name
}

fn main() {}
