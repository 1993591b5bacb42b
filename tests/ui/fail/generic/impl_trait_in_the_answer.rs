use counterpart::prelude::*;

#[get("/")]
async fn list() -> Result<impl Serialize, Problem> {
    Ok(1)
}

fn main() {}
