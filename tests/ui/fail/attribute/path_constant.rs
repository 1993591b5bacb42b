use counterpart::prelude::*;

const USERS: &str = "/users";

#[get(USERS)]
async fn route() -> u64 {
    1
}

fn main() {}
