use counterpart::prelude::*;

#[get("/")]
async fn route(name: std::borrow::Cow<'_, str>) -> u64 {
    let _ = name;
    1
}

fn main() {}
