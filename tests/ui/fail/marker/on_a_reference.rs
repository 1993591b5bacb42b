use counterpart::prelude::*;

#[derive(State)]
pub struct Db;

#[get("/users")]
async fn route(#[query] db: &Db, #[header("x-a")] other: Option<&Db>) -> u64 {
    let _ = (db, other);
    1
}

fn main() {}
