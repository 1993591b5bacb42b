use counterpart::prelude::*;

#[post("/users")]
async fn create((name, age): (String, u8), _: u8) -> String {
    format!("{name} {age}")
}

fn main() {}
