use counterpart::prelude::*;

#[derive(Debug, ApiError)]
pub enum UserError {
    #[error(500)]
    File(#[from] std::io::Error),
}

#[get("/users")]
async fn users() -> Result<String, UserError> {
    Ok(std::fs::read_to_string("users")?)
}

api!(All: users);

fn main() {}
