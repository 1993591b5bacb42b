use counterpart::prelude::*;

#[post("/transfers", detach)]
fn transfer(amount: u64) {
    drop(amount);
}

fn main() {}
