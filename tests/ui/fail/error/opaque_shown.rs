use counterpart::prelude::*;

#[derive(Debug, ApiError)]
pub enum UserError {
    #[error(500, "it was {source}")]
    Database { #[opaque] source: std::io::Error },
}

fn main() {}
