use counterpart::prelude::*;

#[get("/users")]
async fn route(#[server(db)] db: &String, #[query(limit)] limit: u32) -> u64 {
    let _ = (db, limit);
    1
}

fn main() {}
