use counterpart::prelude::*;

pub struct Coin;

#[get("/coin")]
async fn coin() -> Coin {
    Coin
}

api!(All: coin);

fn main() {}
