use counterpart::prelude::*;

#[get("/coin")]
async fn coin() -> Result<u64, String> {
    Ok(1)
}

api!(All: coin);

fn main() {}
