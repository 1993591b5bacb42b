use counterpart::prelude::*;

#[derive(Debug, ApiError)]
pub enum UserError {
    #[error(404, "there is no user {name}")]
    NotFound { id: u64 },
}

fn main() {}
