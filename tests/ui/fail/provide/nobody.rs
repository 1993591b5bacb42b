use counterpart::prelude::*;

pub struct Db;

#[get("/users")]
async fn list(db: &Db) -> u64 {
    let _ = db;
    1
}

api!(All: list);

fn main() {}
