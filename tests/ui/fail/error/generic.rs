use counterpart::prelude::*;

#[derive(Debug, ApiError)]
pub enum UserError<T> {
    #[error(404)]
    NotFound { id: T },
}

fn main() {}
