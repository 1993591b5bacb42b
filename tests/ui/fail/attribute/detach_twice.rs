use counterpart::prelude::*;

#[post("/transfers", detach, detach)]
async fn transfer(amount: u64) {
    drop(amount);
}

fn main() {}
