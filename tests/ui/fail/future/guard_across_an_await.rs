use counterpart::prelude::*;
use std::sync::Mutex;

async fn tick() {}

#[derive(State)]
pub struct Counter(Mutex<u64>);

#[post("/")]
async fn count(counter: &Counter) -> u64 {
    let mut guard = counter.0.lock().unwrap();
    *guard += 1;
    tick().await;
    *guard
}

api!(All: count);

fn main() {}
