// A body comes over the wire, so nobody lends it.
use counterpart::prelude::*;

#[post("/uploads")]
pub async fn upload(body: &counterpart::Body) {
    let _ = body.length();
}

fn main() {}
