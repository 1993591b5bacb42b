use counterpart::prelude::*;

#[derive(Debug, ApiError)]
pub enum UserError {
    #[error(404)]
    HttpError,
    #[error(404)]
    HTTPError,
}

fn main() {}
