use counterpart::prelude::*;

#[get("/users")]
async fn list(pool: &std::collections::HashMap<u64, u64>) -> usize {
    pool.len()
}

api!(All: list);

fn main() {}
