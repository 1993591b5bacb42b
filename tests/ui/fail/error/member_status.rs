use counterpart::prelude::*;

#[derive(Debug, ApiError)]
pub enum UserError {
    #[error(409, "it is {status}")]
    Conflict { status: String },
}

fn main() {}
