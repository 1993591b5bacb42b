use counterpart::prelude::*;

pub struct Users;

impl Users {
    #[get("/users")]
    async fn list(&self) -> u64 {
        1
    }
}

fn main() {}
