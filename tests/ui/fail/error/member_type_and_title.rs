use counterpart::prelude::*;

#[derive(Debug, ApiError)]
pub enum UserError {
    #[error(409, "two of a kind")]
    Conflict { r#type: String, title: String },
}

fn main() {}
