use counterpart::prelude::*;

#[get("/")]
async fn route(name: Option<&str>) -> u64 {
    let _ = name;
    1
}

fn main() {}
