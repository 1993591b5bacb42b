use counterpart::prelude::*;

#[derive(State)]
pub struct Names(String);

#[get("/name")]
async fn name(names: &Names) -> &str {
    &names.0
}

fn main() {}
