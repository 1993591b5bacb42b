use counterpart::prelude::*;

#[get("/users")]
const unsafe extern "C" fn list() -> u64 {
    1
}

fn main() {}
