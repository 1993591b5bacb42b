use counterpart::prelude::*;
use std::rc::Rc;

async fn tick() {}

#[get("/")]
async fn count() -> u64 {
    let kept = Rc::new(1);
    tick().await;
    *kept
}

api!(All: count);

fn main() {}
