use counterpart::prelude::*;

#[derive(Debug, ApiError)]
pub enum UserError {
    #[error(500)]
    Database { table: String, #[opaque] source: std::io::Error },
}

fn main() {}
