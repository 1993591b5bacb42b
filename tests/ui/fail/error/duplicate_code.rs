use counterpart::prelude::*;

#[derive(Debug, ApiError)]
pub enum UserError {
    #[error(404, "there is no user")]
    NotFound,
    #[error(410, "gone for good", code = "not-found")]
    Gone,
}

fn main() {}
