use counterpart::prelude::*;

pub struct Session;

#[get("/users")]
async fn list(session: Option<&Session>) -> u64 {
    let _ = session;
    1
}

api!(All: list);

fn main() {}
