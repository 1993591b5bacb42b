use counterpart::prelude::*;

#[derive(Debug, ApiError)]
pub enum UserError {
    #[error("there is no user")]
    NotFound,
    Nothing,
    #[error]
    Empty,
}

fn main() {}
