use counterpart::prelude::*;

#[post("/")]
async fn route(names: Vec<&str>) -> u64 {
    let _ = names;
    1
}

fn main() {}
