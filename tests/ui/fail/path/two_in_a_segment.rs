use counterpart::prelude::*;

#[get("/{year}{month}")]
async fn route(year: u32, month: u32) -> u64 {
    let _ = (year, month);
    1
}

fn main() {}
