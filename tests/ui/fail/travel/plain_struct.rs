use counterpart::prelude::*;

pub struct NewUser {
    pub name: String,
}

#[post("/users")]
async fn create(new: NewUser) -> String {
    new.name
}

api!(All: create);

fn main() {}
