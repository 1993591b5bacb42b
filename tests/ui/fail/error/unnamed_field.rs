use counterpart::prelude::*;

#[derive(Debug, ApiError)]
pub enum UserError {
    #[error(404, "there is no such user")]
    NotFound(u64),
}

fn main() {}
