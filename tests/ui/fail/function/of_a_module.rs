use counterpart::prelude::*;

#[get("/users")]
mod users {}

fn main() {}
