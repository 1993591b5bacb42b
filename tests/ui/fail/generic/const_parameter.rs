use counterpart::prelude::*;

#[get("/")]
async fn get_one<const N: usize>() -> usize {
    N
}

fn main() {}
