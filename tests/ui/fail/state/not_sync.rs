use counterpart::prelude::*;
use std::cell::RefCell;

#[derive(State)]
struct Db(RefCell<u64>);

#[get("/users")]
async fn count(db: &Db) -> u64 {
    *db.0.borrow()
}

api!(All: count);

fn main() {}
