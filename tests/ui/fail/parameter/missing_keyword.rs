use counterpart::prelude::*;

#[get("/shops/{shop}/{type}")]
async fn list(shop: u64) -> u64 {
    shop
}

fn main() {}
