use counterpart::prelude::*;

#[derive(Debug, ApiError)]
pub enum UserError {
    #[error(600)]
    Unknown,
    #[error(99)]
    Small,
}

fn main() {}
