use counterpart::prelude::*;

#[derive(Debug, ApiError)]
pub enum UserError {
    #[error(200, "all is well")]
    Fine,
}

fn main() {}
