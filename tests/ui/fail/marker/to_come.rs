use counterpart::prelude::*;

#[get("/users")]
async fn route(#[cookie] session: String, #[form] form: String) -> u64 {
    let _ = (session, form);
    1
}

fn main() {}
