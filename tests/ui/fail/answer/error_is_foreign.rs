use counterpart::prelude::*;

#[get("/file")]
async fn file() -> Result<String, std::io::Error> {
    std::fs::read_to_string("file")
}

api!(All: file);

fn main() {}
