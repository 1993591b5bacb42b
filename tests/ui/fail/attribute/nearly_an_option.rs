use counterpart::prelude::*;

#[post("/transfers", detached, body_limits = "1 MiB")]
async fn transfer(amount: u64) {
    drop(amount);
}

fn main() {}
