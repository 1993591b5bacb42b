use counterpart::prelude::*;

#[get("/users/{id}/{*id}")]
async fn get_file(id: String) -> String {
    id
}

fn main() {}
