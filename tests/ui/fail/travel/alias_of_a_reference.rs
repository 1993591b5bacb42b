use counterpart::prelude::*;

#[derive(State)]
pub struct Db;

type Handle = &'static Db;

#[get("/users")]
async fn list(db: Handle) -> u64 {
    let _ = db;
    1
}

api!(All: list);

fn main() {}
