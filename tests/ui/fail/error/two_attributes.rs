use counterpart::prelude::*;

#[derive(Debug, ApiError)]
pub enum UserError {
    #[error(404)]
    #[error(410)]
    NotFound,
}

fn main() {}
