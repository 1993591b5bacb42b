use counterpart::prelude::*;

#[get("/")]
async fn get_one(id: Option<u64>) -> u64
where
    u64: Copy,
{
    let _ = id;
    1
}

fn main() {}
