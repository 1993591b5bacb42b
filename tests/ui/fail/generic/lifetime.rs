use counterpart::prelude::*;

#[derive(State)]
pub struct Db;

#[get("/")]
async fn get_one<'a>(db: &'a Db) -> u64 {
    let _ = db;
    1
}

fn main() {}
