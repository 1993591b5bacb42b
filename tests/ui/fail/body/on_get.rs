use counterpart::prelude::*;

#[get("/users")]
async fn search(#[body] filter: String) -> String {
    filter
}

fn main() {}
