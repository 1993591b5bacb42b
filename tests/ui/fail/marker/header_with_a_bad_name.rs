use counterpart::prelude::*;

#[get("/users")]
async fn route(#[header("request id")] request_id: String) -> u64 {
    let _ = request_id;
    1
}

fn main() {}
