use counterpart::prelude::*;

#[post("/transfers", detach = true)]
async fn transfer(amount: u64) {
    drop(amount);
}

fn main() {}
