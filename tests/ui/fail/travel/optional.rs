use counterpart::prelude::*;

pub struct Page(u64);

#[get("/users")]
async fn list(page: Option<Page>) -> u64 {
    page.map_or(0, |page| page.0)
}

api!(All: list);

fn main() {}
