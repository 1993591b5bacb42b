use counterpart::prelude::*;

#[derive(Debug, ApiError)]
pub enum UserError {
    #[error(500)]
    Database(#[opaque] std::io::Error, #[opaque] std::fmt::Error),
}

fn main() {}
