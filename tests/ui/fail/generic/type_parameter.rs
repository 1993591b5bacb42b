use counterpart::prelude::*;

#[get("/{id}")]
async fn get_one<T: Send>(id: T) -> u64 {
    let _ = id;
    1
}

fn main() {}
