use counterpart::prelude::*;

pub struct Coin;
type ApiResult<T> = Result<T, Problem>;

#[get("/coin")]
async fn coin() -> ApiResult<Coin> {
    Ok(Coin)
}

api!(All: coin);

fn main() {}
