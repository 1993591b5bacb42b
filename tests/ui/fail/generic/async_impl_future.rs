use counterpart::prelude::*;

#[get("/")]
async fn later() -> impl Future<Output = u64> {
    async { 1 }
}

fn main() {}
