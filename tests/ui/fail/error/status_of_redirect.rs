use counterpart::prelude::*;

#[derive(Debug, ApiError)]
pub enum UserError {
    #[error(303, "look there")]
    Elsewhere,
}

fn main() {}
