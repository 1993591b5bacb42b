use counterpart::prelude::*;

#[post("/users")]
async fn create(new: Missing) -> u64 {
    let _ = new;
    1
}

api!(All: create);

fn main() {}
