// There is one body, however it is taken.
use counterpart::prelude::*;

#[post("/uploads")]
pub async fn upload(first: counterpart::Body, second: counterpart::Bytes) {
    drop((first, second));
}

fn main() {}
