use counterpart::prelude::*;

#[post("/")]
async fn create(name: impl Into<String>) -> String {
    name.into()
}

fn main() {}
