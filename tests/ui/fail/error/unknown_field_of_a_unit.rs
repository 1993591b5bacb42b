use counterpart::prelude::*;

#[derive(Debug, ApiError)]
pub enum UserError {
    #[error(404, "there is no user {id}")]
    NotFound,
}

fn main() {}
