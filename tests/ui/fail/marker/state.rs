use counterpart::prelude::*;

#[derive(State)]
struct Db(u64);

#[get("/users")]
async fn route(#[state] db: &Db) -> u64 {
    db.0
}

fn main() {}
