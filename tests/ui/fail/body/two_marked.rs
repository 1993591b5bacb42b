use counterpart::prelude::*;

#[delete("/users")]
async fn delete(#[body] first: Vec<u64>, #[body] second: Vec<u64>) -> usize {
    first.len() + second.len()
}

fn main() {}
