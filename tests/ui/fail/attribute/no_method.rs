use counterpart::prelude::*;

#[route("/users")]
async fn route() -> u64 {
    1
}

fn main() {}
