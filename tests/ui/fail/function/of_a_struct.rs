use counterpart::prelude::*;

#[get("/users")]
pub struct Users;

fn main() {}
