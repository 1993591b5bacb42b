use counterpart::prelude::*;

#[derive(Debug, ApiError)]
pub enum UserError {
    #[error(404, code = "NotFound")]
    NotFound,
}

fn main() {}
