use counterpart::prelude::*;

#[derive(Debug, ApiError)]
#[error(404)]
pub struct NotFound {
    id: u64,
}

fn main() {}
