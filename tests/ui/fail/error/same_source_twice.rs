use counterpart::prelude::*;

#[derive(Debug, ApiError)]
pub enum UserError {
    #[error(500)]
    Read(#[opaque] std::io::Error),
    #[error(503)]
    Write(#[opaque] std::io::Error),
}

fn main() {}
