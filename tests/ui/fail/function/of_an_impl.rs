use counterpart::prelude::*;

pub struct Users;

#[get("/users")]
impl Users {
    fn list() {}
}

fn main() {}
