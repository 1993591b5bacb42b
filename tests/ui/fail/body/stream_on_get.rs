// What a GET takes by value is a query key, which a stream cannot be.
use counterpart::prelude::*;

#[get("/uploads")]
pub async fn upload(body: counterpart::Body) {
    drop(body);
}

fn main() {}
