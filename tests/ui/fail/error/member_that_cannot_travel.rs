use counterpart::prelude::*;

#[derive(Debug)]
pub struct Id(u64);

#[derive(Debug, ApiError)]
pub enum UserError {
    #[error(404, "there is no such user")]
    NotFound { id: Id },
}

fn main() {}
