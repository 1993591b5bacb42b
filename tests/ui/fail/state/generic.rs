use counterpart::prelude::*;

#[derive(State)]
pub struct Cache<T> {
    kept: Vec<T>,
}

fn main() {}
