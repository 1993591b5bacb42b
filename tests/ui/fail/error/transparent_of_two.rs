use counterpart::prelude::*;

#[derive(Debug, ApiError)]
pub enum UserError {
    #[error(transparent)]
    Auth { user: String, reason: String },
}

fn main() {}
