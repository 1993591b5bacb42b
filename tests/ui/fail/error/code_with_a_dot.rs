use counterpart::prelude::*;

#[derive(Debug, ApiError)]
pub enum UserError {
    #[error(404, code = "http.not-found")]
    NotFound,
}

fn main() {}
