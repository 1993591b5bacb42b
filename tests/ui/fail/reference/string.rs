use counterpart::prelude::*;

#[get("/")]
async fn route(name: &String) -> u64 {
    let _ = name;
    1
}

fn main() {}
