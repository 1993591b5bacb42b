use counterpart::prelude::*;

#[derive(State)]
pub struct Cache<'a> {
    kept: &'a str,
}

fn main() {}
