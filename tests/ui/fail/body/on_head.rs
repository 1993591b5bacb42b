use counterpart::prelude::*;

#[head("/users")]
async fn probe(#[body] filter: String) -> String {
    filter
}

fn main() {}
