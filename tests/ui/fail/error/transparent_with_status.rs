use counterpart::prelude::*;

#[derive(Debug, ApiError)]
pub enum UserError {
    #[error(transparent, 401)]
    Auth(Problem),
}

fn main() {}
