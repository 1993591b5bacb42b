use counterpart::prelude::*;

pub trait Store {}

#[get("/")]
async fn list(store: &dyn Store) -> u64 {
    let _ = store;
    1
}

fn main() {}
