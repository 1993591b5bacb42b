use counterpart::prelude::*;

#[post("/")]
async fn create(names: Vec<impl Into<String>>) -> usize {
    names.len()
}

fn main() {}
