use counterpart::prelude::*;

#[derive(State)]
pub struct Db;

#[get("/")]
async fn route(db: &'static Db) -> u64 {
    let _ = db;
    1
}

fn main() {}
