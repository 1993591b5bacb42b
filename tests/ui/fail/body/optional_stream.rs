// Content that is taken as it comes is there, if only empty.
use counterpart::prelude::*;

#[post("/uploads")]
pub async fn upload(body: Option<counterpart::Body>) {
    drop(body);
}

fn main() {}
