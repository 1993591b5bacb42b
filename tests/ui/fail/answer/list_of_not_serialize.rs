use counterpart::prelude::*;

pub struct Coin;

#[get("/coins")]
async fn coins() -> Result<Vec<Coin>, Problem> {
    Ok(vec![Coin])
}

api!(All: coins);

fn main() {}
