use counterpart::prelude::*;

#[derive(Debug, ApiError)]
pub enum UserError {
    #[error(500)]
    Odd(#[opaque] String),
}

fn main() {}
